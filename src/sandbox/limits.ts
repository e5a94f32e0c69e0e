/** Limits of code blocks. All are our choices: a decision of some dozen lines takes a millisecond and some 100 kB. */

/** Time that a block may take. */
export const CODE_TIMEOUT_MS = 250;

/**
 * Memory of an engine in pages of 64 kB: 16 MB, the least with which it starts. It needs 5 MB of them itself, so that a
 * block has 11 MB for its inputs and its values.
 */
export const MEMORY_PAGES = 256;
export const MEMORY_MB = 16;

/**
 * Depth of calls, as bytes of the engine's stack: some hundreds. A quarter of what overflows the thread's own stack
 * (THREAD_STACK_MB), which would break the engine.
 */
export const STACK_BYTES = 256 * 1024;
export const THREAD_STACK_MB = 4;

/** The thread's own heap, beside the engine's memory. */
export const THREAD_HEAP_MB = 64;

/** Inputs as JSON: as text and as values they need several times as much of the memory. */
export const INPUT_BYTES = 1_000_000;

/** A result as JSON; it is stored in the state of a conversation, which has 64 kB (T11). */
export const RESULT_BYTES = 16_000;

/** Levels of a result within one another. */
export const RESULT_DEPTH = 20;

/** Characters of a thrown message that are kept. */
export const MESSAGE_LENGTH = 300;
