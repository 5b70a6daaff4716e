// Keeps the Models table live while it can be seen.
async function refresh() {
  if (!element.isConnected) return;
  if (!document.hidden && element.offsetParent !== null) {
    try {
      const answer = await fetch('hub/models', { cache: 'no-store' });
      if (answer.ok) props.value = await answer.text();
    } catch (error) { /* the next try comes in two seconds */ }
  }
  setTimeout(refresh, 2000);
}
refresh();
