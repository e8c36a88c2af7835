import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from './api/client.ts'
import { router } from './app/router.tsx'
import { ME, SessionGate } from './app/session.tsx'
import { TextProvider } from './app/text.tsx'
import './styles/theme.scss'
import './styles/console.scss'

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      // The session has ended: the sign-in page takes the place of whatever is shown.
      if (error instanceof ApiProblem && error.status === 401) queries.setQueryData(ME, null)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (times, error) => times < 2 && error instanceof ApiProblem && error.status === 0,
    },
  },
})

const place = document.getElementById('console')
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <TextProvider>
          <SessionGate>
            <RouterProvider router={router} context={{ queries }} />
          </SessionGate>
        </TextProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
