// Adds the list of channels and "is typing" to simcord's page. Runs before the page's own modules,
// so that it sees the credentials of their requests and the state they are answered with.
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
    void plainFetch("/api/action", {
      method: "POST",
      headers: { ...credentials, "Content-Type": "application/json" },
      body: JSON.stringify({ kind: "switch_channel", channel_id: button.dataset.channel }),
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("playground-channels").addEventListener("click", openChannel);
    const line = document.createElement("div");
    line.id = "playground-typing";
    line.setAttribute("aria-live", "polite");
    document.getElementById("channel-layout").append(line);
  });
})();
