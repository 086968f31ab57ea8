package plan

import "fmt"

// passedTo are the principals of the services that take a role.
var passedTo = map[string]string{
	"bedrock":           "bedrock.amazonaws.com",
	"bedrock-agentcore": "bedrock-agentcore.amazonaws.com",
	"sagemaker":         "sagemaker.amazonaws.com",
	"lambda":            "lambda.amazonaws.com",
	"ec2":               "ec2.amazonaws.com",
	"ecs":               "ecs-tasks.amazonaws.com",
	"glue":              "glue.amazonaws.com",
	"states":            "states.amazonaws.com",
	"codebuild":         "codebuild.amazonaws.com",
}

// PassedTo is the service principal that a service takes roles for, the value of
// iam:PassedToService; false for a service that is not known to take one.
func PassedTo(service string) (principal string, ok bool) {
	principal, ok = passedTo[service]
	return principal, ok
}

// passRole asks for the right to hand over the role of the call.
func (b *builder) passRole(service string) {
	var keys map[string][]string
	if principal, ok := passedTo[service]; ok {
		keys = map[string][]string{"iam:PassedToService": {principal}}
	}
	b.add("iam:PassRole", b.Call.Role, "handing over the role", keys)
	if b.Call.Operation != "bedrock:CreateModelInvocationJob" {
		b.Runs = append(b.Runs, Run{Role: b.Call.Role, By: b.Call.Operation, Control: controlOf(b.Call.Operation), Why: "role passed to " + service})
	}
}

// controlOf is how far a caller that creates something with a role decides what it does.
func controlOf(operation string) Control {
	switch operation {
	case "bedrock:PutModelInvocationLoggingConfiguration", "bedrock:CreateModelImportJob", "bedrock:CreateCustomModel",
		"bedrock-agentcore:CreateBrowser", "bedrock-agentcore:CreateMemory", "bedrock-agentcore:UpdateMemory":
		return Configured
	}
	return Full
}

// invokeFunction: the code of somebody else acts under the role of the function.
func (b *builder) invokeFunction(action string) error { return b.function(action, Program) }

// changeFunction: the caller's code acts under it, once something calls the function.
func (b *builder) changeFunction(action string) error { return b.function(action, Full) }

func (b *builder) function(action string, control Control) error {
	if b.at.service != "lambda" {
		return fmt.Errorf("%s is no function: %w", b.Call.Target, ErrTarget)
	}
	b.add(action, b.Call.Target, "the call itself", nil)
	if r := b.cat.Find(b.Call.Target); r != nil {
		b.run(r, control, "execution role")
	}
	return nil
}

// assume takes on a role: all that the role may do is open then.
func (b *builder) assume(action string) error {
	if b.at.service != "iam" || Kind(b.at.kind()) != Role {
		return fmt.Errorf("%s is no role: %w", b.Call.Target, ErrTarget)
	}
	b.add(action, b.Call.Target, "taking on the role", nil)
	if b.cat.Find(b.Call.Target) == nil {
		b.lacks(b.cat.missing(Role, b.Call.Target))
	}
	b.Runs = append(b.Runs, Run{Role: b.Call.Target, By: b.Call.Target, Control: Full, Why: "role taken on"})
	return nil
}
