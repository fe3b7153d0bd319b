/* The page of a case and the form for somebody: every page works without this. */
(function () {
  'use strict';
  var d = document;
  function $(id) { return d.getElementById(id); }
  function all(q, root) { return [].slice.call((root || d).querySelectorAll(q)); }
  var writing = [], leaving = false;

  /* A page, or a case that stands beside a list. */
  function begin(root) {
    all('[data-js]', root).forEach(function (e) { e.hidden = false; });
    var first = root.querySelector('[data-focus]');
    if (first) first.focus();

    /* Links to sections become tabs: arrows move, one stop for Tab. */
    all('[data-tabs]', root).forEach(function (bar) {
      var tabs = all('a', bar), panels = tabs.map(function (a) { return $(a.hash.slice(1)); });
      bar.setAttribute('role', 'tablist');
      function open(at, focus) {
        tabs.forEach(function (tab, i) {
          tab.setAttribute('aria-selected', String(i === at));
          tab.tabIndex = i === at ? 0 : -1;
          panels[i].hidden = i !== at;
        });
        if (focus) tabs[at].focus();
      }
      tabs.forEach(function (tab, i) {
        tab.setAttribute('role', 'tab');
        tab.id = tab.id || 'tab-' + panels[i].id;
        tab.setAttribute('aria-controls', panels[i].id);
        panels[i].setAttribute('role', 'tabpanel');
        panels[i].setAttribute('aria-labelledby', tab.id);
        tab.addEventListener('click', function (e) { e.preventDefault(); open(i); });
        tab.addEventListener('keydown', function (e) {
          var by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
          if (!by) return;
          e.preventDefault();
          open((i + by + tabs.length) % tabs.length, true);
        });
      });
      open(Math.max(0, tabs.findIndex(function (tab) { return tab.hasAttribute('data-open'); })));
    });

    /* A template goes to where the cursor stands, and the cursor to where there is something to fill in. */
    var insert = $('insert'), reply = $('reply'), choice = $('template');
    if (insert) insert.addEventListener('click', function () {
      var text = choice.options[choice.selectedIndex].getAttribute('data-text'), at = reply.selectionStart || 0;
      reply.setRangeText(text, at, reply.selectionEnd || at, 'end');
      var gap = text.indexOf(': \n');
      reply.focus();
      if (gap >= 0) reply.setSelectionRange(at + gap + 2, at + gap + 2);
    });

    /* An answer can be taken back for a few seconds; then the button goes. */
    all('[data-undo]', root).forEach(function (form) {
      setTimeout(function () { form.hidden = true; }, 1000 * Number(form.getAttribute('data-undo')));
    });

    /* A draft that is left behind is asked about once. */
    writing = all('textarea[name]', root); leaving = false;
    writing.forEach(function (area) { area.form && area.form.addEventListener('submit', function () { leaving = true; }); });
  }
  begin(d);
  d.addEventListener('kvitto:case', function (e) { begin(e.target); });
  addEventListener('beforeunload', function (e) {
    if (!leaving && writing.some(function (area) { return area.value.trim() !== area.defaultValue.trim() && area.value.trim(); })) e.preventDefault();
  });

  /* Where it would go, and what looks alike: asked a little after the last key. */
  var form = $('register'), look = $('look');
  if (form && look && window.fetch) {
    var timer, asked = 0;
    var ask = function () {
      var mine = ++asked, body = new URLSearchParams();
      ['text', 'place', 'kind', 'language'].forEach(function (name) { if (form.elements[name]) body.append(name, form.elements[name].value); });
      if (!form.elements.text.value.trim()) return;
      fetch('/staff/register/look', { method: 'POST', body: body, credentials: 'same-origin' })
        .then(function (answer) { return answer.ok ? answer.text() : ''; })
        .then(function (page) { if (page && mine === asked) look.innerHTML = page; })
        .catch(function () { /* the form works without it */ });
    };
    ['input', 'change'].forEach(function (kind) {
      form.addEventListener(kind, function () { clearTimeout(timer); timer = setTimeout(ask, 500); });
    });
  }
  var print = $('print');
  if (print) print.addEventListener('click', function () { window.print(); });
}());
