"use strict";
const box = document.getElementById("tools");
const input = box.querySelector("input");
const found = document.getElementById("found");
const items = [...document.querySelectorAll("[data-filtered]")];
const texts = items.map((item) => item.textContent.toLowerCase());
box.hidden = false;
input.addEventListener("input", () => {
  const wanted = input.value.toLowerCase().split(/\s+/);
  let shown = 0;
  items.forEach((item, i) => {
    item.hidden = !wanted.every((word) => texts[i].includes(word));
    shown += !item.hidden;
  });
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector("[data-filtered]:not([hidden])");
  }
  found.textContent = input.value ? `${shown} of ${items.length}` : "";
});
