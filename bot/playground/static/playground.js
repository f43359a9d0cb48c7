// Adds the list of channels, "is typing" and clicks on messages that grow to simcord's page. Runs
// before the page's own modules, so that it sees the credentials of their requests and the state
// they are answered with.
"use strict";

(() => {
  let credentials = null;
  const plainFetch = window.fetch.bind(window);

  window.fetch = async (resource, options = {}) => {
    const headers = options.headers || {};
    if (headers["X-Simcord-Context"]) credentials = { ...headers };
    const response = await plainFetch(resource, options);
    if (response.ok && (resource === "/api/state" || resource === "/api/pages")) {
      response.clone().json().then(show).catch(() => {});
    }
    return response;
  };

  function show(state) {
    for (const button of document.querySelectorAll("[data-channel]")) {
      button.setAttribute("aria-current", String(button.dataset.channel === state.channelId));
    }
    const line = document.getElementById("playground-typing");
    if (line) line.textContent = typingText(state.typing || []);
  }

  function typingText(names) {
    if (!names.length) return "";
    return `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…`;
  }

  function openChannel(event) {
    const button = event.target.closest("[data-channel]");
    if (!button || !credentials) return;
    following = true;
    void plainFetch("/api/action", {
      method: "POST",
      headers: { ...credentials, "Content-Type": "application/json" },
      body: JSON.stringify({ kind: "switch_channel", channel_id: button.dataset.channel }),
    });
  }

  // A message that grows is drawn anew, buttons and all: one that goes between press and release
  // would swallow the click.
  let pressed = null;
  document.addEventListener("pointerdown", (event) => {
    pressed = event.target.closest("[data-control-key]");
  }, true);
  document.addEventListener("pointerup", (event) => {
    const gone = pressed && !pressed.isConnected ? pressed.dataset.controlKey : null;
    pressed = null;
    if (!gone) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const again = under && under.closest("[data-control-key]");
    if (again && again.dataset.controlKey === gone) again.click();
  }, true);

  // Stay at the newest words while they come, unless the reader scrolled away from them.
  const NEAR = 80;
  const TOUCH_MS = 500;
  let following = true;
  let touched = -TOUCH_MS;

  function followNewest(timeline) {
    const toNewest = () => requestAnimationFrame(() => requestAnimationFrame(() => {
      if (following) timeline.scrollTop = timeline.scrollHeight;
    }));
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      timeline.addEventListener(kind, () => { touched = performance.now(); }, { passive: true });
    }
    timeline.addEventListener("scroll", () => {
      if (performance.now() - touched > TOUCH_MS) return;
      following = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < NEAR;
    }, { passive: true });
    document.getElementById("channel-composer").addEventListener("submit", () => {
      following = true;
    });
    const watch = new ResizeObserver(toNewest);
    watch.observe(timeline);
    watch.observe(document.getElementById("channel-message-list"));
  }

  document.addEventListener("DOMContentLoaded", () => {
    followNewest(document.getElementById("channel-timeline"));
    document.getElementById("playground-channels").addEventListener("click", openChannel);
    const line = document.createElement("div");
    line.id = "playground-typing";
    line.setAttribute("aria-live", "polite");
    document.getElementById("channel-layout").append(line);
  });
})();
