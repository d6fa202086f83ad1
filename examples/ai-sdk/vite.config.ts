import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The page and the agent have one origin, as behind a reverse proxy.
  server: { proxy: { '/ai': process.env['HEDDLE_URL'] ?? 'http://127.0.0.1:8000' } },
});
