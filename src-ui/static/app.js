// Loads the compiled screens. A web view that cannot compile while streaming gets the whole file instead.
import init from "./beatbook_ui.js";

const wasm = new URL("./beatbook_ui_bg.wasm", import.meta.url);

async function start() {
  try {
    await init({ module_or_path: wasm });
  } catch (streaming) {
    // Once the module runs, a second try would find it "ready" and hide what went wrong.
    if (document.body.dataset.started !== undefined) throw streaming;
    console.warn(streaming);
    const bytes = await (await fetch(wasm)).arrayBuffer();
    await init({ module_or_path: bytes });
    if (document.body.dataset.started === undefined) throw streaming;
  }
}

start().catch((cause) => {
  console.error(cause);
  const box = document.getElementById("starting");
  if (!box) return;
  box.textContent = "";
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  line.textContent = "Beatbook could not open its screens. Everything saved on this phone is safe. Close the app and open it again.";
  box.append(line);
});
