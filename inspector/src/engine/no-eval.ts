/** The page forbids code from strings; zod would try it for speed, and be reported for that. */
import { config } from 'zod';

config({ jitless: true });
