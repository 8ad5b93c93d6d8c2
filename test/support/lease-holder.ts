/** A process of its own that needs the engine: prints the engine's pid once it has a lease, and keeps it until it is killed. */
import { leaseEngine } from "#sql/engine/start";

const dataDir = process.argv[2];
if (!dataDir) throw new Error("Usage: lease-holder <data directory>");
const lease = await leaseEngine({ dataDir, memoryBytes: 1_000_000_000 });
process.stdout.write(`${lease.address.pid}\n`);
process.stdin.resume();
