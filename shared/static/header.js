// The header: language, light or dark, and the status chip (asked every 4 s while the page is visible).
const cookieEnd = location.protocol === 'https:' ? ';SameSite=None;Secure;Partitioned' : ';SameSite=Lax';
element.querySelectorAll('button[data-lang]').forEach((button) => {
  button.addEventListener('click', () => {
    document.cookie = 'hub_lang=' + button.dataset.lang + ';path=/;max-age=31536000' + cookieEnd;
    location.reload();
  });
});
element.querySelector('[data-theme-toggle]').addEventListener('click', () => {
  const dark = !document.body.classList.contains('dark');
  document.body.classList.toggle('dark', dark);
  try { localStorage.setItem('hub_theme', dark ? 'dark' : 'light'); } catch (error) { /* private window */ }
});
const chip = element.querySelector('.hub-chip');
chip.addEventListener('click', () => document.getElementById('tab-models-button')?.click());
async function ask() {
  if (!document.hidden) {
    try {
      const answer = await fetch('hub/status', { cache: 'no-store' });
      if (answer.ok) {
        const status = await answer.json();
        chip.textContent = status.text;
        chip.dataset.state = status.state;
      }
    } catch (error) { chip.dataset.state = 'cold'; }
  }
  setTimeout(ask, 4000);
}
ask();
window.addEventListener('popstate', () => {
  const topic = new URLSearchParams(location.search).get('tab');
  if (topic) document.getElementById('tab-' + topic + '-button')?.click();
});
