// The demo's page, live: what is sent comes back without a reload, and the receipt as it arrives.
(function () {
  "use strict";
  if (!window.fetch || !window.DOMParser || !window.FormData) return;
  var MOST = 25, HEADERS = { "x-playground": "live" };
  var round = 0;

  function demo() { return document.getElementById("demo"); }

  // The page as the server writes it is the only description of what is shown.
  function show(text, url) {
    var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("demo");
    if (!fresh) { location.assign(url); return false; }
    var typed = document.getElementById("text"), draft = typed ? typed.value : "", at = document.activeElement;
    var focused = at && at.id, talk = document.querySelector(".talk");
    var count = talk ? talk.children.length : 0;
    demo().replaceWith(document.importNode(fresh, true));
    var now = document.querySelector(".talk");
    if (now) {
      // What stood there already does not arrive again.
      Array.prototype.forEach.call(now.children, function (item, number) {
        if (number < count) Array.prototype.forEach.call(item.querySelectorAll(".arrive"), function (each) { each.classList.remove("arrive"); });
      });
      now.scrollTop = now.scrollHeight;
    }
    return { draft: draft, focused: focused };
  }

  function tell(key) {
    var place = document.getElementById("told");
    if (place) { place.textContent = ""; setTimeout(function () { place.textContent = place.getAttribute("data-" + key); }, 50); }
  }

  function look(mine, left) {
    if (mine !== round || !left || !demo().hasAttribute("data-pending")) return;
    setTimeout(function () {
      if (mine !== round) return;
      fetch(location.href, { headers: HEADERS, credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
        if (mine !== round) return;
        var before = show(text, location.href);
        if (!before) return;
        var field = document.getElementById("text");
        if (field && before.draft) field.value = before.draft;
        var again = before.focused && document.getElementById(before.focused);
        if (again) again.focus({ preventScroll: true });
        look(mine, left - 1);
      }).catch(function () {});
    }, left > MOST - 5 ? 200 : 800);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.id !== "write") return;
    event.preventDefault();
    var data = new FormData(form), button = event.submitter;
    if (button && button.name) data.set(button.name, button.value);
    var mine = ++round;
    demo().classList.add("busy");
    fetch(form.action, { method: "POST", body: data, headers: HEADERS, credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!show(text, answer.url)) return;
        if (!answer.ok) { document.getElementById("text").focus(); return; } // the field tells what is wrong
        history.pushState(null, "", answer.url);
        tell("sent");
        (document.getElementById("talk") || document.getElementById("city")).focus({ preventScroll: window.innerWidth >= 992 });
        look(mine, MOST);
      });
    }).catch(function () { demo().classList.remove("busy"); tell("busy"); });
  });

  window.addEventListener("popstate", function () { location.reload(); });
  look(round, MOST);
})();
