import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
  stripSearchParams,
} from '@tanstack/react-router'
import { Skeleton } from '../components/states.tsx'
import { operationsRoutes } from '../pages/operations/routes.ts'
import { Broken, Missing } from './lost.tsx'
import { type RealmSearch, readRealm, readSubmissionFilters } from './search.ts'
import { Shell } from './shell.tsx'

/** Addresses of the console. Each page is a part of its own, fetched when it is first opened. */

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  validateSearch: readRealm,
  // Whoever looks at test data goes on looking at test data.
  search: {
    middlewares: [
      retainSearchParams<RealmSearch>(['realm']),
      stripSearchParams<RealmSearch>({ realm: 'live' }),
    ],
  },
  component: Shell,
  notFoundComponent: Missing,
})

/** Parent of the routes that a group of pages brings. */
export type Root = typeof root

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/home/home.tsx'), 'Home'),
})

const submissions = createRoute({
  getParentRoute: () => root,
  path: '/submissions',
  validateSearch: readSubmissionFilters,
  component: lazyRouteComponent(() => import('../pages/submissions/submissions.tsx'), 'Submissions'),
})

const submission = createRoute({
  getParentRoute: () => root,
  path: '/submissions/$tracking',
  component: lazyRouteComponent(() => import('../pages/submission/submission.tsx'), 'SubmissionPage'),
})

const submit = createRoute({
  getParentRoute: () => root,
  path: '/submit',
  component: lazyRouteComponent(() => import('../pages/submit/submit.tsx'), 'Submit'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, submissions, submission, submit, ...operationsRoutes(root)]),
  context: { queries: undefined as unknown as QueryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: Skeleton,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
