/**
 * Threads that share the arena. The first starts a job and takes part in it; the others serve. Whoever is there when a
 * job starts is in it to its end, so that nobody waits for a thread to come up; and what a job computes does not depend
 * on how many there are.
 */

/**
 * Sleeps while the word at `at` is `seen`; wakes all who sleep at it. JavaScript's, for the instructions of WebAssembly
 * sleep on when they are woken, as the baseline compiler of Node 20 translates them.
 */
@external("env", "sleep")
declare function sleep(at: usize, seen: i32): void;
@external("env", "wake")
declare function wake(at: usize): void;

/** The words that the threads share. */
@unmanaged
export class Team {
  /** The number of the job above, its members below: `job·256 + members`. */
  ticket: i32;
  /** How many serve, beside the first. */
  serving: i32;
  /** Where no more jobs come. */
  closed: i32;
  /** How many stand at the barrier, and how often it has opened. */
  waiting: i32;
  opened: i32;
  /** How much of the work up to the next barrier is taken. */
  taken: i32;
}

const MEMBERS: i32 = 255;
/** Looks at a barrier before sleeping at it: some tens of microseconds. */
const PATIENCE: i32 = 20000;

export function start(team: Team): i32 {
  const at = changetype<usize>(team);
  const members = atomic.load<i32>(at, offsetof<Team>("serving")) + 1;
  const job = (team.ticket >>> 8) + 1;
  team.taken = 0;
  atomic.store<i32>(at, (job << 8) | members, offsetof<Team>("ticket"));
  if (members > 1) wake(at + offsetof<Team>("ticket"));
  return members;
}

/** Waits for a job later than `seen`; its ticket, or −1 where there are no more. */
export function next(team: Team, seen: i32): i32 {
  const at = changetype<usize>(team);
  let ticket = atomic.load<i32>(at, offsetof<Team>("ticket"));
  for (let look = 0; ticket == seen && look < PATIENCE; look++) {
    ticket = atomic.load<i32>(at, offsetof<Team>("ticket"));
  }
  while (ticket == seen) {
    sleep(at + offsetof<Team>("ticket"), seen);
    ticket = atomic.load<i32>(at, offsetof<Team>("ticket"));
  }
  return atomic.load<i32>(at, offsetof<Team>("closed")) ? -1 : ticket;
}

export function close(team: Team): void {
  atomic.store<i32>(changetype<usize>(team), 1, offsetof<Team>("closed"));
  start(team);
}

/** Joins the team; the number in it. */
export function join(team: Team): i32 {
  return atomic.add<i32>(changetype<usize>(team), 1, offsetof<Team>("serving")) + 1;
}

export function membersOf(ticket: i32): i32 {
  return ticket & MEMBERS;
}

/** Takes the next `some` of the work up to the next barrier; where they begin. */
export function claim(team: Team, some: i32): i32 {
  return atomic.add<i32>(changetype<usize>(team), some, offsetof<Team>("taken"));
}

/** Returns when all members have come to it. */
export function barrier(team: Team, members: i32): void {
  if (members == 1) {
    team.taken = 0;
    return;
  }
  const at = changetype<usize>(team);
  const opened = atomic.load<i32>(at, offsetof<Team>("opened"));
  if (atomic.add<i32>(at, 1, offsetof<Team>("waiting")) + 1 == members) {
    atomic.store<i32>(at, 0, offsetof<Team>("waiting"));
    atomic.store<i32>(at, 0, offsetof<Team>("taken"));
    atomic.add<i32>(at, 1, offsetof<Team>("opened"));
    wake(at + offsetof<Team>("opened"));
    return;
  }
  for (let look = 0; look < PATIENCE; look++) {
    if (atomic.load<i32>(at, offsetof<Team>("opened")) != opened) return;
  }
  while (atomic.load<i32>(at, offsetof<Team>("opened")) == opened) {
    sleep(at + offsetof<Team>("opened"), opened);
  }
}
