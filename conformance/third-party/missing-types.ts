/** Resource types that the emulator's CloudFormation lacks; stacks are deployed there without them. */
export const missingTypes = [
  'AWS::Batch::ComputeEnvironment',
  'AWS::Batch::JobDefinition',
  'AWS::Batch::JobQueue',
  'AWS::Batch::SchedulingPolicy',
  'AWS::CloudFormation::Macro',
  'AWS::StepFunctions::StateMachineVersion',
] as const;
