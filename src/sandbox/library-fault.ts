/** A wrong use of the library, as a sentence that names the function and what it takes, never the value. */
export class LibraryFault extends Error {
  override readonly name = "LibraryFault";
}
