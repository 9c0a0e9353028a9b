import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { meQuery, queryClient } from './queries.ts'
import { router } from './router.tsx'
import { whenDenied } from './session/perform.ts'

whenDenied(() => void queryClient.invalidateQueries({ queryKey: meQuery.queryKey }))

const place = document.getElementById('panel')
if (!place) throw new Error('The page has no place for the panel.')

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
