/* The staff's pages: every page works without this. */
(function () {
  'use strict';
  var d = document;
  function $(id) { return d.getElementById(id); }
  function all(q) { return [].slice.call(d.querySelectorAll(q)); }
  var live = $('live');
  if (live && live.textContent) setTimeout(function () { live.textContent = ''; }, 10000);

  /* Narrow windows: the queues fold. */
  var narrow = matchMedia('(max-width: 47.99em)');
  function fold() { all('[data-narrow-closed]').forEach(function (e) { e.open = !narrow.matches; }); }
  fold();
  if (narrow.addEventListener) narrow.addEventListener('change', fold);

  /* Shortcuts: single keys, never in a field, never with another key held; they can be switched off. */
  var keys = $('keys'), opener = $('keys-open'), use = $('keys-on');
  function kept(name, value) {
    try { if (value !== undefined) localStorage.setItem(name, value); return localStorage.getItem(name); } catch (e) { return null; }
  }
  if (keys && opener && keys.showModal) {
    opener.hidden = false;
    opener.addEventListener('click', function () { keys.showModal(); });
    use.checked = kept('keys') !== 'off';
    use.addEventListener('change', function () { kept('keys', use.checked ? 'on' : 'off'); });
  }
  function links() { return all('#rows .row > a'); }
  function step(by) {
    var found = links(), at = found.indexOf(d.activeElement), next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : at + by];
    if (next) next.focus();
  }
  d.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented || (e.getModifierState && e.getModifierState('AltGraph'))) return;
    if ((/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== 'checkbox') || e.target.isContentEditable || (keys && keys.open)) return;
    if (use && !use.checked && e.key !== '?') return;
    var key = e.key.length === 1 ? e.key.toLowerCase() : e.key, hit;
    if (key === 'j') step(1);
    else if (key === 'k') step(-1);
    else if (key === 'x') pick();
    else if (key === '/') { hit = $('q'); if (hit) hit.focus(); }
    else if (key === '?') { if (keys && keys.showModal) keys.showModal(); }
    else {
      hit = d.querySelector('[data-key="' + (/^[a-z]$/.test(key) ? key : '') + '"]');
      if (!hit) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(hit.tagName)) hit.focus(); else hit.click();
    }
    e.preventDefault();
  });

  /* Several cases at once: X, or a click; with Shift all in between. */
  var bulk = d.querySelector('details.bulk'), picked = $('picked'), last = null;
  function boxes() { return all('.pick'); }
  function tell() {
    var count = boxes().filter(function (b) { return b.checked; }).length;
    picked.textContent = count ? ' (' + count + ')' : '';
    if (count) bulk.open = true;
  }
  if (bulk && picked) {
    d.addEventListener('click', function (e) {
      if (!e.target.classList || !e.target.classList.contains('pick')) return;
      var found = boxes(), at = found.indexOf(e.target), from = found.indexOf(last);
      if (e.shiftKey && from >= 0) found.slice(Math.min(at, from), Math.max(at, from) + 1).forEach(function (b) { b.checked = e.target.checked; });
      last = e.target; tell();
    });
    tell();
  }
  function pick() {
    var row = d.activeElement && d.activeElement.closest && d.activeElement.closest('.row'), box = row && row.querySelector('.pick');
    if (box && box !== d.activeElement) box.click();
  }

  /* Whoever has the same case open is told; while nobody looks at this page, nothing is asked. */
  var present = 0;
  function meet(root) {
    var place = root.querySelector('[data-presence]'), reply = root.querySelector('#reply'), turn = present += 1;
    if (!place || !window.fetch) return;
    function ask() {
      if (turn !== present) return;
      setTimeout(ask, 10000);
      if (d.hidden) return;
      var writes = reply && reply.value.trim() !== reply.defaultValue.trim() && reply.value.trim() ? '1' : '';
      fetch(place.getAttribute('data-presence'), { method: 'POST', body: new URLSearchParams({ writes: writes }), redirect: 'error' }).then(function (got) {
        if (!got.ok) throw new Error(got.status);
        return got.json();
      }).then(function (told) {
        if (place.textContent !== told.said) place.textContent = told.said;
        place.hidden = !told.said;
      }).catch(function () { place.hidden = true; });
    }
    ask();
  }
  meet(d);

  /* Wide windows: the case stands beside the list; once more, and it is there whole. */
  var pane = d.querySelector('.inbox > .pane'), rows = $('rows'), asked = 0;
  if (pane && rows && window.fetch) {
    rows.addEventListener('click', function (e) {
      var link = e.target.closest('.row > a'), turn = asked + 1;
      if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || !matchMedia('(min-width: 75em)').matches) return;
      if (link.getAttribute('aria-current')) return;
      /* With a draft in it, the page asks before it is left. */
      if ([].some.call(pane.querySelectorAll('textarea'), function (area) { return area.value.trim() && area.value !== area.defaultValue; })) return;
      e.preventDefault(); asked = turn;
      all('#rows [aria-current]').forEach(function (a) { a.removeAttribute('aria-current'); a.parentNode.classList.remove('here'); });
      link.setAttribute('aria-current', 'true'); link.parentNode.classList.add('here');
      pane.setAttribute('aria-busy', 'true');
      fetch(link.href + '&pane', { headers: { accept: 'text/html' }, redirect: 'error' }).then(function (got) {
        if (!got.ok) throw new Error(got.status);
        return got.text();
      }).then(function (page) {
        if (asked !== turn) return;
        pane.innerHTML = page; pane.scrollTop = 0; pane.removeAttribute('aria-busy'); meet(pane); pane.dispatchEvent(new Event('kvitto:case', { bubbles: true }));
      }).catch(function () { location.href = link.href; });
    });
  }

  /* News are told, and the list stays as it is until somebody wants them. */
  var stream = d.body.getAttribute('data-stream'), news = $('news');
  if (stream && news && window.EventSource) {
    var button = news.firstElementChild, source = new EventSource(stream);
    source.addEventListener('news', function (e) {
      button.textContent = button.getAttribute('data-text').replace('{count}', e.data);
      news.hidden = e.data === '0';
    });
    button.addEventListener('click', function () { location.reload(); });
    addEventListener('pagehide', function () { source.close(); });
  }
}());
