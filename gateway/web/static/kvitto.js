/* Kvitto: everything here is an extra, each page works without it. Written for old phones: no build. */
(function () {
  'use strict';
  var d = document;
  function $(id) { return d.getElementById(id); }
  function all(q, el) { return [].slice.call((el || d).querySelectorAll(q)); }
  function on(el, type, fn) { if (el) el.addEventListener(type, fn); }
  function make(tag, text, cls) { var e = d.createElement(tag); if (text) e.textContent = text; if (cls) e.className = cls; return e; }
  var words = JSON.parse($('words').textContent);
  function tell(key, values) { return words[key].replace(/\{(\w+)\}/g, function (m, n) { return values[n]; }); }
  var live = $('live'), hush;
  function say(text) { live.textContent = text; clearTimeout(hush); hush = setTimeout(function () { live.textContent = ''; }, 10000); }

  all('[data-js]').forEach(function (e) { e.hidden = false; });

  /* The receipt. It may stand at the address of the form (see "Sending"): Back then means the form. */
  if ($('got')) { $('got').focus(); on(window, 'popstate', function () { location.reload(); }); }
  if ($('added')) $('added').focus();
  on($('copy'), 'click', function () {
    var fail = function () { say(words.not_copied); };
    if (!navigator.clipboard) return fail();
    navigator.clipboard.writeText($('no').textContent).then(function () { say(words.copied); }, fail);
  });
  on($('print'), 'click', function () { print(); });

  /* The form. Nothing leaves the browser before the last button. */
  var form = $('form'), first = d.querySelector('#errors .errors');
  if (first) first.focus();
  if (!form || !window.FormData || !window.DOMParser) return;
  var title = d.title, picked = [], busy = false;
  var most = +form.getAttribute('data-text'), mb = +form.getAttribute('data-megabytes'), count = +form.getAttribute('data-files');
  var text = $('text'), mail = $('mail'), name = $('name'), review = $('review');
  function value(n) { var e = form.querySelector('[name="' + n + '"]:checked'); return e ? e.value : ''; }

  /* A cut would be silent: we say it instead. */
  text.removeAttribute('maxlength');
  $('send').textContent = words.review_send;

  /* Anonymous means that nothing about the person leaves the page, nor stays in it. */
  function toggle() {
    var anon = value('how') === 'anon';
    $('contact').hidden = anon; [mail, name].forEach(function (e) { if (anon) e.value = ''; e.disabled = anon; });
  }
  all('[name=how]', form).forEach(function (r) { on(r, 'change', toggle); });

  /* Another language keeps what was written: carried on the device, taken away at once. */
  function fields() { return all('textarea, select, input:not([type=file]):not([type=hidden])', form); }
  try {
    var draft = JSON.parse(sessionStorage.getItem('draft') || 'null'); sessionStorage.removeItem('draft');
    if (draft) fields().forEach(function (e) { if (e.id in draft) e[e.type === 'radio' ? 'checked' : 'value'] = draft[e.id]; });
    all('.tongues a').forEach(function (a) { on(a, 'click', function () {
      var kept = {}; fields().forEach(function (e) { if (e.id !== 'lang') kept[e.id] = e.type === 'radio' ? e.checked : e.value; });
      sessionStorage.setItem('draft', JSON.stringify(kept));
    }); });
  } catch (e) { /* no storage: the link still works */ }
  toggle(); on(window, 'pageshow', function () { busy = false; closeReview(); toggle(); });

  function clear() {
    all('.error', form).forEach(function (e) { e.parentNode.removeChild(e); });
    all('.bad-field', form).forEach(function (e) { e.classList.remove('bad-field'); });
    all('[aria-invalid]', form).forEach(function (e) { e.removeAttribute('aria-invalid'); });
    all('[aria-describedby]', form).forEach(function (e) { e.setAttribute('aria-describedby', e.getAttribute('aria-describedby').replace(/ ?\S+-error/g, '').trim()); });
    $('errors').textContent = ''; d.title = title = title.replace(words.error_prefix, '');
  }
  function check() {
    var bad = [], how = value('how');
    if (!text.value.trim()) bad.push(['text', words.text_missing]);
    else if (text.value.length > most) bad.push(['text', tell('text_long', { limit: most })]);
    if (picked.length > count) bad.push(['files', tell('files_many', { limit: count })]);
    picked.forEach(function (f) { if (f.size > mb * 1e6) bad.push(['files', tell('file_large', { name: f.name, limit: mb })]); });
    if (how === 'mail' && !mail.value.trim()) bad.push(['mail', words.mail_missing]);
    else if (how === 'mail' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail.value.trim())) bad.push(['mail', words.mail_malformed]);
    return bad;
  }
  function phone(box) { var tel = d.querySelector('.help .big'); if (tel) box.appendChild(tel.cloneNode(true)); }
  /* One error: [field, words]. A field without a place in the form is told in the summary only. */
  function show(bad) {
    var box = make('div', '', 'errors'), alert = make('div'), ul = make('ul'), unsent = bad.some(function (b) { return !b[0]; }); box.tabIndex = -1; alert.setAttribute('role', 'alert');
    alert.appendChild(make('h2', unsent ? words.errors_unsent : bad.length > 1 ? tell('errors_many', { count: bad.length }) : words.errors_one)); alert.appendChild(ul); box.appendChild(alert);
    bad.forEach(function (b) {
      var li = make('li'), place = b[0] && form.querySelector('[data-field="' + b[0] + '"]'); ul.appendChild(li);
      if (!place) { li.appendChild(make('strong', b[1])); return; }
      var input = place.querySelector('input, textarea, select'), group = input.type === 'radio', before = place.querySelector('.in, .choices, .drop');
      var a = make('a', b[1]), p = make('p', '', 'error'), told = group ? place.querySelector('fieldset') : input;
      a.href = '#' + input.id; on(a, 'click', function (e) { e.preventDefault(); input.focus(); }); li.appendChild(a);
      if ($(b[0] + '-error')) p.id = b[0] + '-error-' + ul.children.length; else p.id = b[0] + '-error';
      p.appendChild(make('span', words.error_prefix, 'vh')); p.appendChild(d.createTextNode(b[1]));
      before.parentNode.insertBefore(p, before); place.classList.add('bad-field'); if (!group) input.setAttribute('aria-invalid', 'true');
      told.setAttribute('aria-describedby', ((told.getAttribute('aria-describedby') || '') + ' ' + p.id).trim());
    });
    if (unsent) phone(alert);
    $('errors').appendChild(box); d.title = words.error_prefix + title; box.focus();
  }

  /* "Is this right?" is a step of its own for the Back button too. */
  function label(id) { return form.querySelector('label[for=' + id + ']').firstChild.textContent.trim(); }
  function openReview() {
    var list = $('review-list'), kind = form.querySelector('[name=kind]:checked'), lang = $('lang'); list.textContent = '';
    [
      [words.review_text, text.value], [words.review_kind, kind ? kind.nextElementSibling.firstChild.textContent : ''], [label('place'), $('place').value], [label('when'), $('when').value],
      [words.review_files, picked.map(function (f) { return f.name; }).join('\n')], [words.review_how, value('how') === 'anon' ? words.review_anon : mail.value.trim()], [label('name'), name.value],
      [lang ? label('lang') : '', lang ? lang.options[lang.selectedIndex].text : '']
    ].forEach(function (r) { if (!r[1]) return; var row = make('div'), dd = make('dd', r[1]); dd.dir = 'auto'; row.appendChild(make('dt', r[0])); row.appendChild(dd); list.appendChild(row); });
    form.hidden = true; review.hidden = false; live.textContent = ''; $('sending').textContent = ''; d.title = $('review-h').textContent + ' ' + title; $('review-h').focus();
  }
  function closeReview(target) { if (review.hidden) return; review.hidden = true; form.hidden = false; d.title = title; (target || text).focus(); }
  on(form, 'submit', function (e) {
    e.preventDefault(); clear(); var bad = check(); if (bad.length) return show(bad);
    openReview(); history.pushState({ review: 1 }, '');
  });
  on(window, 'popstate', function () { if (!busy) closeReview(); });
  on($('back'), 'click', function () { if (!busy) history.back(); });

  /* Sending: once, with progress. What the server says about the form is shown in this form, files and all. */
  on($('really'), 'click', function () {
    if (busy) return; busy = true;
    var box = $('sending'), bar = make('progress'), said = make('p', words.sending), half = false;
    box.textContent = ''; said.setAttribute('role', 'status'); bar.max = 100; bar.value = 0; bar.setAttribute('aria-label', words.sending); box.appendChild(said); box.appendChild(bar);
    $('files').disabled = true; var data = new FormData(form); $('files').disabled = false;
    picked.forEach(function (f) { data.append('files', f, f.name); });
    var xhr = new XMLHttpRequest(); xhr.open('POST', form.action);
    function fail(words) { busy = false; box.textContent = ''; var p = make('p', words, 'note bad say'); p.setAttribute('role', 'alert'); box.appendChild(p); phone(box); $('really').focus(); }
    xhr.upload.onprogress = function (e) {
      if (!e.lengthComputable) return; bar.value = 100 * e.loaded / e.total;
      if (bar.value >= 100) said.textContent = words.sending_end; else if (bar.value >= 50 && !half) { half = true; said.textContent = words.sending_half; }
    };
    xhr.onerror = xhr.ontimeout = xhr.onabort = function () { fail(words.no_net); };
    xhr.onload = function () {
      /* The receipt has an address of its own: it can be kept, and reloading it loses nothing. */
      if (xhr.status === 200 && /\/s\//.test(xhr.responseURL || '')) { form.reset(); picked = []; location.replace(xhr.responseURL); return; }
      var page = new DOMParser().parseFromString(xhr.responseText, 'text/html'), ok = xhr.status >= 200 && xhr.status < 300;
      if (ok && page.getElementById('got')) { d.open(); d.write(xhr.responseText); d.close(); scrollTo(0, 0); return; }
      var token = page.querySelector('#form [name=token]'), problem = page.getElementById('problem');
      var bad = [].slice.call(page.querySelectorAll('#errors li')).map(function (li) {
        var a = li.querySelector('a'), c = a && $(a.getAttribute('href').slice(1)); while (c && c.getAttribute && !c.getAttribute('data-field')) c = c.parentNode;
        return [c && c.getAttribute ? c.getAttribute('data-field') : '', li.textContent.trim()];
      });
      if (token) form.elements.token.value = token.value;
      if (!bad.length) return fail(problem ? problem.textContent : words.no_answer);
      busy = false; clear(); closeReview(); show(bad);
    };
    xhr.send(data);
  });

  /* Files: rows with a preview, read on the device. */
  var input = $('files'), drop = $('drop'), chosen = $('chosen'); drop.classList.add('js'); drop.querySelector('label').className = 'btn second';
  function draw() {
    chosen.textContent = ''; chosen.hidden = !picked.length;
    picked.forEach(function (f, i) {
      var li = make('li'), image = /^image\//.test(f.type) && window.URL, ph = image ? make('img') : make('span', (f.name.split('.').pop() || '').slice(0, 4).toUpperCase(), 'ph'), mid = make('div'), b = make('button', words.file_remove, 'link');
      if (image) { ph.alt = ''; ph.onload = function () { URL.revokeObjectURL(ph.src); }; ph.src = URL.createObjectURL(f); }
      mid.appendChild(make('b', f.name)); mid.appendChild(make('div', f.size < 1e5 ? words.file_small : tell('file_size', { size: (f.size / 1e6).toLocaleString(d.documentElement.lang, { maximumFractionDigits: 1 }) }), 'muted small'));
      if (f.size > mb * 1e6) mid.appendChild(make('p', tell('file_large', { name: f.name, limit: mb }), 'error'));
      b.type = 'button'; b.appendChild(make('span', ' ' + f.name, 'vh')); on(b, 'click', function () { picked.splice(i, 1); draw(); say(tell('file_removed', { name: f.name })); input.focus(); });
      li.appendChild(ph); li.appendChild(mid); li.appendChild(b); chosen.appendChild(li);
    });
  }
  function add(files) {
    picked = picked.concat([].slice.call(files)); draw();
    say(picked.length > count ? tell('files_many', { limit: count }) : picked.length === 1 ? words.file_one : tell('file_many', { count: picked.length }));
  }
  on(input, 'change', function () { add(input.files); input.value = ''; });
  ['dragover', 'dragleave', 'drop'].forEach(function (t) { on(drop, t, function (e) { e.preventDefault(); drop.classList.toggle('over', t === 'dragover'); if (t === 'drop') add(e.dataTransfer.files); }); });
})();
