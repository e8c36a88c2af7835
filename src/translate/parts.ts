/** The parts of a text between marks, without the spaces around them; empty ones are left out. */
export function partsOf(text: string, mark: string): readonly string[] {
  return text
    .split(mark)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
