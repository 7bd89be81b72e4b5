// Suggestions below a search box: arrow keys walk through them, Escape and a click elsewhere close them.
const box = (element) => element.closest(".find, .find-in");

document.addEventListener("keydown", (event) => {
  const place = box(event.target);
  const list = place?.querySelector(".suggest");
  if (!list) return;
  const links = [...list.querySelectorAll("a")];
  if (event.key === "Escape" && links.length) {
    list.replaceChildren();
    place.querySelector("input[type=search]").focus();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (!links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement);
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  (links[next] ?? place.querySelector("input[type=search]")).focus();
});

document.addEventListener("click", (event) => {
  document.querySelectorAll(".suggest").forEach((list) => {
    if (!box(list).contains(event.target)) list.replaceChildren();
  });
});

// Whoever came to find a union sees it, wherever in a long tree it stands.
document.querySelector(".tree .found")?.scrollIntoView({ block: "center" });
