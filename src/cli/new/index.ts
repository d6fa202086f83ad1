export { newProject } from './new-project.ts';
