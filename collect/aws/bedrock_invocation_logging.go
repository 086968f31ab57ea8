package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeInvocationLogging  = "AWS::Bedrock::ModelInvocationLogging"
	opGetInvocationLogging = "bedrock:GetModelInvocationLoggingConfiguration"
	idInvocationLogging    = "logging"
)

// bedrockInvocationLogging reads the one setting of the account and Region. Its record is
// there whether logging is on or off: off is a None, what cannot be read is a gap in it.
var bedrockInvocationLogging = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-invocation-logging", Service: "bedrock", Scope: collect.Regional, Types: []string{typeInvocationLogging},
		Operations: []collect.Operation{mayBeEmpty(bedrockOperation(opGetInvocationLogging))},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		t.Complete(typeInvocationLogging)
		b := t.New(typeInvocationLogging, idInvocationLogging)
		if b == nil {
			return nil
		}
		api := c.bedrock(t.Region)
		out, err := call(ctx, t, opGetInvocationLogging, api.GetModelInvocationLoggingConfiguration,
			&bedrock.GetModelInvocationLoggingConfigurationInput{})
		switch {
		case err != nil:
			b.Fail(opGetInvocationLogging, err)
		case out.LoggingConfig == nil, *out.LoggingConfig == types.LoggingConfig{}:
			b.None(opGetInvocationLogging, "no LoggingConfig")
		default:
			b.Answer(opGetInvocationLogging, out)
		}
		t.Emit(b)
		return nil
	},
}
