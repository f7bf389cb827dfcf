// Every test of the engine in one file, the quick ones first: for each mutant one worker is started, and it ends with the
// first test that fails. See vitest.mutation.config.ts.
import "./latches.test.ts";
import "./slot.test.ts";
import "./task.test.ts";
import "./waiter-queue.test.ts";
import "./acquire.test.ts";
import "./minimum.test.ts";
import "./unobserved.test.ts";
import "./growth.test.ts";
import "./connect-failure.test.ts";
import "./deadlock.test.ts";
import "./cancellation.test.ts";
import "./deadlines.test.ts";
import "./stats.test.ts";
import "./suspend.test.ts";
import "./resize.test.ts";
import "./leak.test.ts";
import "./validation.test.ts";
import "./eviction.test.ts";
import "./lifetime.test.ts";
import "./surplus.test.ts";
import "./close.test.ts";
import "./gates.test.ts";
import "./schedules.test.ts";
import "./model.test.ts";
