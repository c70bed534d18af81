// Builds the scripts of the pages into ../static/built, with the licences of what is built in.
// Called by build.py, in a folder with the packages: node build.js FOLDER

import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2]);
const made = `${target}.new`;

rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
const built = await build({
  absWorkingDir: here,
  entryPoints: ["src/page.ts", "src/editor.ts"],
  outdir: made,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const packages = new Set();
for (const input of Object.keys(built.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) packages.add(found[1]);
}
const licences = [...packages].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} brings no licence: it cannot be built in`);
  return `${name} ${about.version} (${about.license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(made, "LICENSES.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));

// A build that fails half-way leaves the last good one.
rmSync(target, { recursive: true, force: true });
renameSync(made, target);
