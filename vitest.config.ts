import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    // Processes, not threads: tests load native modules, start servers and change the environment.
    pool: 'forks',
    // A worker keeps the modules it has loaded: most files need the same ones, and loading them took a third of the time.
    isolate: false,
    // Each embedded database compiles its engine anew; compiling that well takes longer than a test uses it.
    execArgv: ['--liftoff-only'],
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
