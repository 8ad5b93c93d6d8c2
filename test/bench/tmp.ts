import { benchPages } from "./pages.ts";
console.log(JSON.stringify(await benchPages(Number(process.argv[2] ?? 100000), console.error), null, 1));
process.exit(0);
