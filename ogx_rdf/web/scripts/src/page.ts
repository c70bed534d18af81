// What every page is better with. Each part looks for its own marks in the page and does nothing where there are none.

import htmx from "htmx.org";
import { joinSides } from "./beside";
import { offerCopies } from "./copy";
import { followHits } from "./hits";
import { followMap } from "./map";

// Parts of pages come in later, by search or by choosing in the map: they are prepared like the page itself.
function prepare(root: ParentNode): void {
  joinSides(root);
  offerCopies(root);
}

document.documentElement.classList.add("scripted");
prepare(document);
followHits();
followMap();
htmx.on("htmx:after:swap", () => prepare(document));
