// The last line of `npm test`, from vitest's JSON report: "N passed, N failed", and skipped ones if any.
// Usage: node scripts/count-tests.js REPORT EXIT-CODE-OF-VITEST; ends with 1 when anything failed.
import { readFileSync } from 'node:fs'

const [file = '', exitCode = '1'] = process.argv.slice(2)

function counts() {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    // A file that cannot be loaded has no tests to count, so it counts as one failure.
    const unloadable = report.testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    ).length
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloadable,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

const { passed, failed, skipped } = counts()
// An error outside any test fails the run as well.
const failures = failed === 0 && exitCode !== '0' ? 1 : failed
console.log(`\n${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failures === 0 ? 0 : 1
