package aws

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
)

// Bedrock answers up to 1,000 items a page where it is asked to, AgentCore up to 50.
// Left to themselves they answer ten, and ask for ten times the requests.
const (
	bedrockPage   = 1000
	agentCorePage = 50
)

const (
	opBedrockTags   = "bedrock:ListTagsForResource"
	opBedrockPolicy = "bedrock:GetResourcePolicy"
)

// bedrockPolicyOperation declares the call of bedrockPolicy.
var bedrockPolicyOperation = mayBeEmpty(bedrockOperation(opBedrockPolicy))

// bedrockOperation declares an operation of the control plane. Its IAM action has the
// prefix bedrock, whichever of the two clients calls it.
func bedrockOperation(name string) collect.Operation {
	_, operation, _ := strings.Cut(name, ":")
	return collect.Operation{Name: name, Actions: []string{"bedrock:" + operation}}
}

// mayBeEmpty says that the operation answers with nothing where there is nothing to tell.
func mayBeEmpty(op collect.Operation) collect.Operation {
	op.MayBeEmpty = true
	return op
}

// agentCoreOperation declares an operation of AgentCore's control plane.
func agentCoreOperation(name string) collect.Operation {
	_, operation, _ := strings.Cut(name, ":")
	return collect.Operation{Name: name, Actions: []string{"bedrock-agentcore:" + operation}}
}

// agentCoreDeclaration declares a collector of one type, and what it calls beside list
// and description.
func agentCoreDeclaration(name, typ, list, describe string, others ...collect.Operation) collect.Declaration {
	return collect.Declaration{
		Name: name, Service: "bedrock-agentcore-control", Scope: collect.Regional, Types: []string{typ},
		Operations: append([]collect.Operation{agentCoreOperation(list), agentCoreOperation(describe)}, others...),
	}
}

// agentCoreListed makes the work of the collector of a type of AgentCore of which the list says all that is kept.
func agentCoreListed[S, O any](typ, op string, pages func(*bedrockagentcorecontrol.Client) pager[O, bedrockagentcorecontrol.Options],
	items func(*O) []S, named func(S) (id, arn *string),
) func(context.Context, *clients, *collect.Task) error {
	return func(ctx context.Context, c *clients, t *collect.Task) error {
		all := list(ctx, t, op, pages(c.bedrockagentcorecontrol(t.Region)), items, typ)
		return each(ctx, t, all,
			func(s S) (string, string) {
				id, _ := named(s)
				return typ, aws.ToString(id)
			},
			func(_ context.Context, b *collect.Builder, s S) {
				_, arn := named(s)
				b.ARN(aws.ToString(arn))
				b.Answer(op, s)
			})
	}
}

const opAgentCorePolicy = "bedrock-agentcore-control:GetResourcePolicy"

// agentCorePolicyOperation declares the call of agentCorePolicy.
var agentCorePolicyOperation = mayBeEmpty(agentCoreOperation(opAgentCorePolicy))

// agentCorePolicy adds the resource policy of a runtime or gateway to its record.
func agentCorePolicy(ctx context.Context, b *collect.Builder, api *bedrockagentcorecontrol.Client, arn *string) {
	describe(ctx, b, opAgentCorePolicy, api.GetResourcePolicy,
		&bedrockagentcorecontrol.GetResourcePolicyInput{ResourceArn: arn}, "ResourceNotFoundException")
}

// bedrockARN names a resource of Bedrock in the task's account and Region, for lists
// that leave the ARN out.
func bedrockARN(t *collect.Task, resource string) string {
	return "arn:" + assize.Partition(t.Region) + ":bedrock:" + t.Region + ":" + t.Account + ":" + resource
}

// bedrockTags adds the tags of a guardrail or model to its record.
func bedrockTags(ctx context.Context, b *collect.Builder, api *bedrock.Client, arn *string) {
	describe(ctx, b, opBedrockTags, api.ListTagsForResource, &bedrock.ListTagsForResourceInput{ResourceARN: arn})
}

// bedrockPolicy adds the resource policy of a guardrail, custom model or knowledge base to its
// record. That there is none is said by an empty answer or by ResourceNotFoundException: the
// resource itself is in the list that led here.
func bedrockPolicy(ctx context.Context, b *collect.Builder, api *bedrock.Client, arn *string) {
	describe(ctx, b, opBedrockPolicy, api.GetResourcePolicy, &bedrock.GetResourcePolicyInput{ResourceArn: arn}, "ResourceNotFoundException")
}

// children is what one parent answered about its children.
type children[T any] struct {
	items []T
	err   error
}

// childrenParallel bounds how many parents are asked for their children at once.
const childrenParallel = 64

// listChildren asks every parent for its children, several at a time, and returns the
// answers by parent. A failure makes the lists of the types incomplete, and no more.
// The parents' own list must have named the types too. A parent is asked again in a
// run that is resumed: a journal keeps records, not lists.
func listChildren[P, T any](ctx context.Context, t *collect.Task, op string, parents []P, id func(P) *string,
	ask func(context.Context, P) ([]T, error), types ...string,
) map[string]children[T] {
	answers := make(map[string]children[T], len(parents))
	var panicked any
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, childrenParallel)
	one := func(parent P) {
		defer func() {
			p := recover()
			mu.Lock()
			defer mu.Unlock()
			panicked = cmp.Or(panicked, p)
		}()
		items, err := ask(ctx, parent)
		if err != nil {
			t.Gap(op, err, types...)
		}
		mu.Lock()
		defer mu.Unlock()
		answers[aws.ToString(id(parent))] = children[T]{items, err}
	}
	for _, parent := range parents {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			one(parent)
		})
	}
	wg.Wait()
	if panicked != nil {
		panic(panicked) // where the runner makes a gap of it
	}
	return answers
}
