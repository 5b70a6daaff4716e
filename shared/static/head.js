(function () {
  var lang = '__LANG__', tag = lang === 'zh' ? 'zh-CN' : 'en';
  Object.defineProperty(navigator, 'language', { get: function () { return tag; }, configurable: true });
  Object.defineProperty(navigator, 'languages', { get: function () { return [tag]; }, configurable: true });
  document.documentElement.setAttribute('data-lang', lang);
  document.documentElement.lang = tag;
  var theme = null;
  try { theme = localStorage.getItem('hub_theme'); } catch (error) { /* private window */ }
  if (theme) {
    var ask = window.matchMedia.bind(window);
    window.matchMedia = function (query) {
      if (query === '(prefers-color-scheme: dark)') {
        return { matches: theme === 'dark', media: query, addEventListener: function () {}, removeEventListener: function () {}, addListener: function () {}, removeListener: function () {} };
      }
      return ask(query);
    };
  }
})();
