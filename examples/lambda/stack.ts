// AWS CDK: the executable is in the folder `function`.
import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export class OrderStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const order = new lambda.Function(this, 'Order', {
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.X86_64,
      handler: 'bootstrap',
      code: lambda.Code.fromAsset('function'),
      memorySize: 128,
      // Executions time out half a second before this.
      timeout: Duration.seconds(60),
      environment: { ASL_LOG: 'ERROR', ASL_METRICS_NAMESPACE: 'Orders' },
    });

    // asl policy order.asl.json --format cdk
    order.addToRolePolicy(new iam.PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [`arn:${this.partition}:sqs:eu-west-1:123456789012:orders`],
    }));
  }
}
