/* Kvitto's chat: one script tag on any page. No framework, no cookie, nothing from others; written for old phones.
   <script src="https://kvitto.example.org/chat/kvitto-chat.js" defer></script>
   A <kvitto-chat> element may say where it stands and in which language: <kvitto-chat lang="fi" inline>. */
(function () {
  'use strict';
  var d = document, w = window, script = d.currentScript, base = script ? script.src.replace(/\/chat\/[^/]*$/, '') : '';
  if (!w.customElements || !w.HTMLElement.prototype.attachShadow || !w.FormData || customElements.get('kvitto-chat')) return;
  var KEY = 'kvitto-chat', QUIET = 50000, HELLO = 10000;
  function keep(store, name, value) { try { if (value === undefined) return w[store].getItem(KEY + name); if (value === null) w[store].removeItem(KEY + name); else w[store].setItem(KEY + name, value); } catch (e) { /* no storage: the chat lives as long as the page */ } return null; }
  function make(tag, cls, text) { var e = d.createElement(tag); if (cls) e.className = cls; if (text) e.textContent = text; return e; }
  function on(e, type, fn) { e.addEventListener(type, fn); }
  function random() { var a = new Uint8Array(18); (w.crypto || w.msCrypto).getRandomValues(a); return [].map.call(a, function (b) { return ('0' + b.toString(16)).slice(-2); }).join(''); }
  function icon(path) { var s = d.createElementNS('http://www.w3.org/2000/svg', 'svg'), p = d.createElementNS('http://www.w3.org/2000/svg', 'path'); s.setAttribute('viewBox', '0 0 24 24'); s.setAttribute('aria-hidden', 'true'); p.setAttribute('d', path); s.appendChild(p); return s; }
  var TALK = 'M4 4h16v12H11l-5 4v-4H4z', CLOSE = 'M6 6l12 12M18 6 6 18', CLIP = 'm20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7', DANGER = 'M12 3 2 20h20zM12 10v4M12 17v.01';
  function tell(text, values) { return text.replace(/\{(\w+)\}/g, function (m, n) { return n in values ? values[n] : m; }); }
  /* Web addresses in a text become links, and numbers of cases stay whole; everything else is text. */
  function fill(e, text) {
    text.split(/(https?:\/\/[^\s<>"]{1,300})/).forEach(function (part, i) {
      if (i % 2) { var end = /[.,)]*$/.exec(part)[0], a = make('a', '', part.slice(0, part.length - end.length)); a.href = a.textContent; a.target = '_blank'; a.rel = 'noopener noreferrer'; e.appendChild(a); part = end; }
      part.split(/\b([A-Z0-9]{4}-[A-Z0-9]{4})\b/).forEach(function (word, j) { if (j % 2) { var no = make('bdi', 'no', word); no.dir = 'ltr'; e.appendChild(no); } else if (word) e.appendChild(d.createTextNode(word)); });
    });
  }

  class KvittoChat extends HTMLElement {
    connectedCallback() {
      if (this.root) { this.resume(); return; }
      var me = this;
      me.token = keep('localStorage', ''); me.seen = {}; me.heardIds = []; me.last = ''; me.pending = []; me.held = []; me.files = []; me.fails = 0; me.once = false; me.fresh = 0; me.reach = keep('sessionStorage', '-reach');
      try { me.pending = JSON.parse(keep('sessionStorage', '-pending') || '[]'); } catch (e) { me.pending = []; }
      me.root = me.attachShadow({ mode: 'open' });
      var link = make('link'); link.rel = 'stylesheet'; link.href = base + '/chat/kvitto-chat.css'; me.root.appendChild(link);
      me.fallback = make('slot'); me.root.appendChild(me.fallback);
      var lang = (me.lang || d.documentElement.lang || '').slice(0, 20), tries = 0;
      function load() {
        me.ask('GET', '/chat/words?lang=' + encodeURIComponent(lang), null, function (status, words) {
          if (status === 200) { me.words = words; me.build(); } else if (++tries < 5) setTimeout(load, 2000 * tries);
        }, true);
      }
      load();
      me.wake = function () { me.resume(); };
      on(d, 'visibilitychange', me.wake); on(w, 'online', me.wake); on(w, 'pageshow', me.wake);
      on(w, 'offline', function () { me.offline(true); });
    }
    disconnectedCallback() { this.hangUp(); }

    /* One request. Whoever needs the token gets 401 without one that we know. */
    ask(method, path, body, done, open, progress) {
      var me = this, x = new XMLHttpRequest();
      x.open(method, base + path + (path.indexOf('?') < 0 ? '?' : '&') + (me.words ? 'lang=' + me.words.lang : ''));
      if (!open) x.setRequestHeader('Authorization', 'Bearer ' + me.token);
      x.timeout = progress ? 0 : body instanceof FormData ? 180000 : 30000;
      if (progress) progress(x);
      x.onload = function () { var told = null; try { told = JSON.parse(x.responseText); } catch (e) { /* no JSON: the status says enough */ } done(x.status, told, x); };
      x.onerror = x.ontimeout = function () { done(0, null, x); };
      x.send(body);
      return x;
    }

    build() {
      var me = this, t = me.words.words, inline = me.hasAttribute('inline'), box;
      me.root.removeChild(me.fallback);
      me.inline = inline;
      box = me.box = make('div', inline ? 'kvitto inline' : 'kvitto'); box.lang = me.words.lang; box.dir = me.words.dir; me.root.appendChild(box);
      me.button = make('button', 'fab'); me.button.type = 'button'; me.button.appendChild(icon(TALK)); me.button.appendChild(make('span', '', t.open)); me.badge = make('span', 'badge'); me.badge.hidden = true; me.button.appendChild(me.badge);
      me.button.setAttribute('aria-haspopup', 'dialog'); me.button.setAttribute('aria-expanded', 'false');
      if (!inline) box.appendChild(me.button);
      on(me.button, 'click', function () { me.show(true); });
      var p = me.panel = make('section', 'panel'); p.setAttribute('role', inline ? 'region' : 'dialog'); p.setAttribute('aria-labelledby', 'h'); p.hidden = true; box.appendChild(p);
      var head = make('header'), h = make('h2', '', t.title); h.id = 'h'; h.tabIndex = -1; me.heading = h; var name = make('small', '', me.words.city); h.appendChild(name); head.appendChild(h);
      if (!inline) { var shut = make('button', 'icon'); shut.type = 'button'; shut.setAttribute('aria-label', t.close); shut.appendChild(icon(CLOSE)); on(shut, 'click', function () { me.show(false); }); head.appendChild(shut); }
      p.appendChild(head);
      var talk = me.talk = make('div', 'talk'); talk.tabIndex = 0; talk.setAttribute('role', 'region'); talk.setAttribute('aria-label', t.talk); p.appendChild(talk);
      var danger = make('p', 'danger'); danger.appendChild(icon(DANGER)); var words = make('span'); words.appendChild(make('strong', '', t.danger + ' ')); var call = make('a', '', t.danger_call); call.href = 'tel:112'; words.firstChild.appendChild(call); words.appendChild(d.createTextNode('. ' + t.danger_hours)); danger.appendChild(words); talk.appendChild(danger);
      talk.appendChild(make('p', 'hello', t.hello));
      var record = make('p', 'hint', t.record); if (me.words.privacy) { record.appendChild(d.createTextNode(' ')); var privacy = make('a', '', t.privacy); privacy.href = me.words.privacy; privacy.target = '_blank'; privacy.rel = 'noopener'; record.appendChild(privacy); record.appendChild(d.createTextNode('.')); } talk.appendChild(record);
      me.list = make('ol', 'list'); me.list.setAttribute('role', 'list'); talk.appendChild(me.list); me.buildMore(t);
      me.net = make('p', 'net'); me.net.setAttribute('role', 'status'); p.appendChild(me.net);
      me.live = make('p', 'vh'); me.live.setAttribute('role', 'status'); box.appendChild(me.live);
      me.buildForm(t);
      on(p, 'keydown', function (e) { if (e.key === 'Escape' && !inline) { e.stopPropagation(); me.show(false); } });
      me.pending.forEach(function (m) { m.said = me.draw({ id: m.id, ours: false, at: new Date().toISOString(), text: m.text }, true); me.mark(m, 'waiting'); });
      if (inline || keep('sessionStorage', '-open')) me.show(true, true);
      me.resume(); me.flush();
    }

    buildForm(t) {
      var me = this, form = me.form = make('form'); form.noValidate = true; me.panel.appendChild(form);
      var label = make('label', 'label', t.text); label.htmlFor = 'text'; form.appendChild(label);
      me.error = make('p', 'error'); me.error.id = 'error'; me.error.setAttribute('role', 'alert'); form.appendChild(me.error);
      var text = me.text = make('textarea'); text.id = 'text'; text.rows = 2; text.dir = 'auto'; text.value = keep('sessionStorage', '-draft') || ''; form.appendChild(text);
      on(text, 'input', function () { keep('sessionStorage', '-draft', text.value); me.grow(); });
      on(text, 'keydown', function (e) { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); me.submit(); } });
      me.chosen = make('ul', 'chosen'); me.chosen.setAttribute('aria-label', t.chosen); me.chosen.hidden = true; form.appendChild(me.chosen);
      var row = make('div', 'row'); form.appendChild(row);
      if (me.words.limits.files) {
        var input = me.input = make('input', 'vh'); input.type = 'file'; input.multiple = true; input.id = 'files'; row.appendChild(input);
        var pick = make('label', 'second'); pick.htmlFor = 'files'; pick.appendChild(icon(CLIP)); pick.appendChild(make('span', '', t.attach)); row.appendChild(pick);
        on(input, 'change', function () { me.files = me.files.concat([].slice.call(input.files)); input.value = ''; me.drawFiles(); });
      }
      var send = make('button', 'send', t.send); send.type = 'submit'; row.appendChild(send);
      on(form, 'submit', function (e) { e.preventDefault(); me.submit(); });
    }

    /* Where else to be found, and leaving this device: folded, at the end of what was said. */
    buildMore(t) {
      var me = this, more = make('div', 'more'); me.talk.appendChild(more);
      me.told = make('p', 'hint'); more.appendChild(me.told);
      var one = make('details'), down = function () { if (this.open) me.down(); }, sum = make('summary', '', t.reach), form = make('form'); form.noValidate = true; one.appendChild(sum); one.appendChild(form); more.appendChild(one); on(one, 'toggle', down);
      var label = make('label', 'label', me.words.sms ? t.reach_both : t.reach_mail), hint = make('p', 'hint', tell(t.reach_hint, { minutes: me.words.minutes })), error = make('p', 'error'), input = make('input'), save = make('button', 'second', t.reach_save);
      label.htmlFor = 'reach'; hint.id = 'reach-hint'; error.id = 'reach-error'; error.setAttribute('role', 'alert'); input.id = 'reach'; input.type = me.words.sms ? 'text' : 'email'; input.dir = 'ltr'; input.maxLength = 254; input.setAttribute('autocomplete', 'email'); input.setAttribute('autocapitalize', 'off'); input.spellcheck = false; input.setAttribute('aria-describedby', 'reach-hint reach-error'); save.type = 'submit';
      [label, hint, error, input, save].forEach(function (e) { form.appendChild(e); });
      on(form, 'submit', function (e) {
        e.preventDefault(); error.textContent = ''; input.removeAttribute('aria-invalid');
        function refuse(words) { error.textContent = words; input.setAttribute('aria-invalid', 'true'); input.focus(); }
        function saved(value) { me.reach = value; keep('sessionStorage', '-reach', value); me.tellReach(value); one.open = false; input.value = ''; me.say(me.told.textContent); sum.focus(); }
        var value = input.value.trim(); if (!value) return refuse(me.words.errors.reach_malformed);
        if (!me.token || !me.list.children.length) { if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value) && !(me.words.sms && /^[+0-9 ()-]{6,30}$/.test(value))) return refuse(me.words.errors.reach_malformed); return saved(value); }
        var data = new FormData(); data.append('id', random()); data.append('reach', value); data.append('lang', me.words.lang);
        me.ask('POST', '/chat/messages', data, function (status, told) { if (status === 200 || status === 201) saved(value); else refuse(told && told.say || t.offline); });
      });
      if (me.reach) me.tellReach(me.reach);
      var out = make('details', 'end'), outs = make('summary', '', t.forget), yes = make('button', 'second', t.forget_really); yes.type = 'button'; out.appendChild(outs); out.appendChild(make('p', 'hint', t.forget_text)); out.appendChild(yes); more.appendChild(out); on(out, 'toggle', down);
      on(yes, 'click', function () { out.open = false; me.forget(); me.say(t.forgotten); me.text.focus(); });
    }
    tellReach(value) { var cut = /@/.test(value) ? value.replace(/^(.)[^@]*@(.)[^@]*(\.[^.@]*)$/, '$1***@$2***$3') : value.slice(0, 3) + '***' + value.slice(-2), parts = this.words.words.reach_told.split('{reach}'), bdi = make('bdi', '', /\*\*\*/.test(value) ? value : cut); bdi.dir = 'ltr'; this.told.textContent = parts[0]; this.told.appendChild(bdi); this.told.appendChild(d.createTextNode(parts[1])); }

    show(open, quiet) {
      var me = this; me.panel.hidden = !open; me.opened = open; me.button.hidden = open; me.button.setAttribute('aria-expanded', String(open));
      if (!me.inline) { keep('sessionStorage', '-open', open ? '1' : null); me.box.classList.toggle('open', open); }
      if (open) { me.fresh = 0; me.badge.hidden = true; me.grow(); me.down(); me.noteRead(); if (!quiet) me.text.focus(); } else me.button.focus();
    }
    say(text) { var me = this; me.live.textContent = ''; setTimeout(function () { me.live.textContent = text; }, 50); }
    down() { this.talk.scrollTop = this.talk.scrollHeight; }
    grow() { this.text.style.height = 'auto'; this.text.style.height = Math.min(this.text.scrollHeight + 4, 160) + 'px'; }

    drawFiles() {
      var me = this, limits = me.words.limits; me.chosen.textContent = ''; me.chosen.hidden = !me.files.length;
      me.files.forEach(function (f, i) { var li = make('li', '', f.name), b = make('button', 'icon'); b.type = 'button'; b.setAttribute('aria-label', tell(me.words.words.remove, { name: f.name })); b.appendChild(icon(CLOSE)); on(b, 'click', function () { me.files.splice(i, 1); me.drawFiles(); me.input.focus(); }); li.appendChild(b); me.chosen.appendChild(li); });
      var large = me.files.filter(function (f) { return f.size > limits.megabytes * 1e6; })[0];
      me.refuse(large ? tell(me.words.errors.file_large, { name: large.name, limit: limits.megabytes }) : me.files.length > limits.files ? tell(me.words.errors.files_many, { limit: limits.files }) : '');
      return !me.error.textContent;
    }
    refuse(words) { this.error.textContent = words; if (words) { this.text.setAttribute('aria-invalid', 'true'); this.text.setAttribute('aria-describedby', 'error'); } else { this.text.removeAttribute('aria-invalid'); this.text.removeAttribute('aria-describedby'); } }

    submit(pressed, label) {
      var me = this, text = pressed ? label : me.text.value.trim();
      if (!pressed) {
        if (!me.drawFiles()) return me.text.focus();
        if (!text && !me.files.length) { me.refuse(me.words.errors.text_missing); return me.text.focus(); }
        if (text.length > me.words.limits.text) { me.refuse(tell(me.words.errors.text_long, { limit: me.words.limits.text })); return me.text.focus(); }
      }
      var m = { id: random(), text: text, pressed: pressed || '', files: pressed ? [] : me.files };
      m.said = me.draw({ id: m.id, ours: false, at: new Date().toISOString(), text: text, files: m.files.map(function (f) { return [f.name, f.size]; }) }, true);
      me.pending.push(m); me.mark(m, 'sending');
      if (!pressed) { me.text.value = ''; me.files = []; me.drawFiles(); keep('sessionStorage', '-draft', null); me.grow(); me.text.focus(); }
      me.store(); me.down(); me.flush();
    }
    /* Words wait on the device until they are kept; files cannot, and wait only as long as the page. */
    store() { var list = this.pending.map(function (m) { return { id: m.id, text: m.text, pressed: m.pressed }; }); keep('sessionStorage', '-pending', list.length ? JSON.stringify(list) : null); }
    mark(m, state, words) {
      var me = this, t = me.words.words, foot = m.said.querySelector('.state'); foot.textContent = words || t[state]; foot.className = 'state' + (state === 'failed' ? ' bad' : '');
      if (state !== 'failed') return;
      [['again', function () { m.stuck = false; me.mark(m, 'sending'); me.flush(); me.text.focus(); }], ['discard', function () { me.pending.splice(me.pending.indexOf(m), 1); me.list.removeChild(m.said); me.store(); me.text.focus(); }]].forEach(function (each) { var b = make('button', 'link', t[each[0]]); b.type = 'button'; on(b, 'click', each[1]); foot.appendChild(d.createTextNode(' ')); foot.appendChild(b); });
    }

    /* One after the other, each with its own name: however often it is sent, it is kept once. */
    flush() {
      var me = this, m = me.pending.filter(function (each) { return !each.stuck; })[0];
      if (!m || me.busy || !me.words) return;
      me.busy = true;
      if (!me.token) return me.ask('POST', '/chat/open', null, function (status, told) {
        me.busy = false;
        if (status === 201) { me.heard = true; me.token = told.token; keep('localStorage', '', me.token); me.flush(); me.resume(); } else me.later(m, status, told);
      }, true);
      var data = new FormData(); data.append('id', m.id); data.append('text', m.text); data.append('lang', me.words.lang);
      if (m.pressed) data.append('pressed', m.pressed);
      if (me.reach) data.append('reach', me.reach);
      (m.files || []).forEach(function (f) { data.append('files', f, f.name); });
      me.ask('POST', '/chat/messages', data, function (status, told) {
        me.busy = false;
        if (status === 200 || status === 201) {
          me.fails = 0; me.pending.splice(me.pending.indexOf(m), 1); me.store(); me.offline(false); keep('sessionStorage', '-reach', null); me.reach = '';
          me.seen[told.id] = 1; m.said.key = told.id; me.mark(m, 'sent', me.words.words.sent + ' ' + m.said.querySelector('time').textContent); me.say(me.words.words.sent);
          me.release(); me.flush(); me.resume();
        } else if (status === 401) { me.token = null; keep('localStorage', '', null); me.hangUp(); me.flush(); }
        else me.later(m, status, told);
      });
    }
    later(m, status, told) {
      var me = this; me.fails++;
      if (status >= 400 && status < 500 && status !== 429 && status !== 408) { m.stuck = true; me.mark(m, 'failed', told && told.say); if (told && /^reach/.test(told.error)) { me.reach = ''; keep('sessionStorage', '-reach', null); me.told.textContent = ''; } me.say(told && told.say || me.words.words.failed); me.flush(); return; }
      me.mark(m, 'waiting'); me.offline(!status);
      clearTimeout(me.retry); me.retry = setTimeout(function () { me.flush(); }, Math.min(1000 * Math.pow(2, me.fails), 30000));
    }
    offline(is) { var t = this.words && this.words.words; if (!t || this.cut === is) return; if (!is && this.cut) this.say(t.online); this.cut = is; this.net.textContent = is ? t.offline : ''; }
    /* What came from the city's side about our own words while they were being sent. */
    release() { var me = this; if (me.pending.length) return; var held = me.held; me.held = []; held.forEach(function (item) { me.take(item); }); }

    /* Hearing: a stream of events, read as it comes; where a network holds it back, one answer at a time. */
    resume() {
      var me = this;
      if (!me.words || !me.token || me.line || d.hidden) { if (d.hidden && me.line && !me.leaving) me.leaving = setTimeout(function () { me.leaving = 0; if (d.hidden) me.hangUp(); }, 60000); return; }
      clearTimeout(me.again); var read = 0, heard = false, pause = 1000;
      function watch(ms) { clearTimeout(me.watching); me.watching = setTimeout(function () { if (!heard) me.once = true; me.hangUp(); me.resume(); }, ms); }
      var x = me.line = me.ask('GET', '/chat/events' + (me.once ? '?once=1' : ''), null, function (status, told, x) {
        if (me.line !== x) return; me.line = null; clearTimeout(me.watching);
        if (status === 200) { take(); me.quiet = 0; } else if (status === 401) { me.token = null; keep('localStorage', '', null); return; } else { me.quiet = Math.min((me.quiet || 1) + 1, 6); pause = 1000 * Math.pow(2, me.quiet - 1); me.offline(!status); }
        me.again = setTimeout(function () { me.resume(); }, pause);
      }, false, function (x) { if (me.heardIds.length) x.setRequestHeader('Last-Event-ID', me.heardIds.slice(-30).join(',')); });
      function take() {
        var text = x.responseText, end = text.lastIndexOf('\n\n') + 2; if (end < 2 || end <= read) return;
        var parts = text.slice(read, end).split('\n\n'); read = end;
        parts.forEach(function (part) { var data = '', id = ''; part.split('\n').forEach(function (line) { if (!line.indexOf('data: ')) data = line.slice(6); else if (!line.indexOf('id: ')) id = line.slice(4); else if (!line.indexOf('retry: ')) pause = +line.slice(7); }); if (data) { me.take(JSON.parse(data)); if (me.heardIds.indexOf(id) < 0) me.heardIds.push(id); if (id > me.last) me.last = id; } });
        me.noteRead();
      }
      x.onprogress = function () { if (me.line !== x) return; if (!heard) { heard = true; me.offline(false); } watch(me.once ? QUIET : QUIET); if (x.status === 200) take(); };
      watch(me.once ? QUIET : HELLO);
    }
    hangUp() { clearTimeout(this.watching); clearTimeout(this.again); var x = this.line; this.line = null; if (x) x.abort(); }

    take(item) {
      var me = this, near = me.talk.scrollHeight - me.talk.scrollTop - me.talk.clientHeight < 120;
      if (me.seen[item.id]) return;
      if (!item.ours && me.pending.length && item.kind !== 'reach') { if (!me.held.some(function (h) { return h.id === item.id; })) me.held.push(item); return; }
      me.seen[item.id] = 1;
      if (item.reach) me.tellReach(item.reach);
      if (item.kind === 'reach') return;
      var li = me.draw(item);
      /* A long message is read from its beginning. */
      if (near || !item.ours) { me.down(); if (item.ours) me.talk.scrollTop = Math.min(me.talk.scrollTop, li.offsetTop - me.talk.offsetTop - 12); }
      if (item.ours && me.heard && Date.now() - new Date(item.at) < 9e5) { me.say(tell(me.words.words.news, { city: me.words.city, text: item.text })); if (!me.opened) { me.fresh++; me.badge.hidden = false; me.badge.textContent = tell(me.words.words.unread, { count: me.fresh }); } }
    }
    draw(item, own) {
      var me = this, t = me.words.words, lang = me.words.lang, li = make('li', item.ours ? 'ours' : 'theirs'), by = make('p', 'by'), at = new Date(item.at), time = make('time'), today = at.toDateString() === new Date().toDateString();
      try { time.textContent = (today ? '' : at.toLocaleDateString(lang, { day: 'numeric', month: 'short' }) + ' ') + at.toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' }); } catch (e) { time.textContent = at.toLocaleString(); }
      time.setAttribute('datetime', item.at); by.appendChild(make('b', '', item.ours ? me.words.city : t.you)); by.appendChild(d.createTextNode(' ')); by.appendChild(time);
      if (item.ours && item.kind !== 'answer') { by.appendChild(d.createTextNode(' ')); by.appendChild(make('span', 'auto', t.automatic)); }
      li.appendChild(by);
      if (item.text) { var said = make('p', 'said'); said.dir = 'auto'; if (item.lang) said.lang = item.lang; fill(said, item.text); li.appendChild(said); }
      (item.files || []).forEach(function (f) { var p = make('p', 'file'); p.appendChild(icon(CLIP)); p.appendChild(make('span', '', f[0])); li.appendChild(p); });
      if (own) li.appendChild(make('p', 'state'));
      [].forEach.call(me.list.querySelectorAll('.choices'), function (e) { e.parentNode.removeChild(e); });
      if (item.choices && item.choices.length) {
        var group = make('div', 'choices'); group.setAttribute('role', 'group'); group.setAttribute('aria-label', t.choose);
        item.choices.forEach(function (c) { var b = make('button', 'second', c.label); b.type = 'button'; on(b, 'click', function () { me.submit(c.key, c.label); me.text.focus(); }); group.appendChild(b); });
        li.appendChild(group);
      }
      /* In the order of the store; what waits to be sent stands last. */
      var after = null, each = me.list.lastElementChild; li.key = own ? 'z' : item.id;
      while (each && each.key > li.key) { after = each; each = each.previousElementSibling; }
      me.list.insertBefore(li, after);
      return li;
    }
    /* Who has read an answer here needs no copy of it elsewhere. */
    noteRead() {
      var me = this; me.heard = true;
      if (!me.opened || d.hidden || !me.last || me.last === me.told_to || me.reading) return;
      me.reading = setTimeout(function () {
        var upto = me.last; if (!me.opened || d.hidden || !me.token) { me.reading = 0; return; }
        me.ask('POST', '/chat/read', upto, function (status, told) { me.reading = 0; if (status === 200 && told && !told.left) { me.told_to = upto; if (me.last !== upto) me.noteRead(); } else setTimeout(function () { me.noteRead(); }, 5000); });
      }, 1500);
    }
    forget() {
      this.hangUp(); this.token = null; this.pending = []; this.held = []; this.seen = {}; this.heardIds = []; this.last = ''; this.reach = ''; this.told.textContent = ''; this.list.textContent = ''; this.text.value = ''; this.files = []; this.drawFiles();
      keep('localStorage', '', null); ['-pending', '-draft', '-reach'].forEach(function (n) { keep('sessionStorage', n, null); });
    }
  }
  customElements.define('kvitto-chat', KvittoChat);
  function place() { if (!d.querySelector('kvitto-chat')) d.body.appendChild(d.createElement('kvitto-chat')); }
  if (d.readyState === 'loading') on(d, 'DOMContentLoaded', place); else place();
})();
