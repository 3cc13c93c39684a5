/** The checks of job data: against a template's `JobSchema`, and for what its repository needs. */
export { jobFaults } from './faults.js';
export { findJobFaults, type JobRequirements } from './job-file.js';
