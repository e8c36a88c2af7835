import { RE2JS } from 're2js'
import { ExpressionError } from './expression-error.ts'

const compiled = new Map<string, RE2JS>()

/** A pattern in RE2 syntax, which no text can make slow. Throws ExpressionError when it is not one. */
function patternOf(text: string): RE2JS {
  let pattern = compiled.get(text)
  if (pattern === undefined) {
    try {
      pattern = RE2JS.compile(text)
    } catch (error) {
      throw new ExpressionError(`Not a pattern in RE2 syntax: ${(error as Error).message}.`, 0)
    }
    compiled.set(text, pattern)
  }
  return pattern
}

/** A test for text that holds the pattern anywhere. */
export function patternInside(text: string): (value: string) => boolean {
  const pattern = patternOf(text)
  return (value) => pattern.test(value)
}

/** A test for text that is the pattern as a whole. */
export function patternWhole(text: string): (value: string) => boolean {
  const pattern = patternOf(text)
  return (value) => pattern.testExact(value)
}

/** Replaces each occurrence of the pattern; `by` may hold `$1`. Throws ExpressionError. */
export function patternReplace(text: string, by: string): (value: string) => string {
  const pattern = patternOf(text)
  return (value) => pattern.matcher(value).replaceAll(by)
}
