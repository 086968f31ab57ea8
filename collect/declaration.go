package collect

import (
	"fmt"
	"slices"
	"strings"
)

// Scope says how often a collector runs in one account.
type Scope int

// The scopes. The zero Scope is none of them, so that leaving it out is noticed.
const (
	// Regional: once a Region.
	Regional Scope = iota + 1
	// Global: once an account. Its tasks and coverage stand in Region "global";
	// the records may name a Region of their own (S3 buckets).
	Global
)

// Declaration is what a collector says of itself before it runs. Permissions,
// documentation and the plan of a run are derived from it.
type Declaration struct {
	// Name is unique among all collectors: "bedrock-guardrails".
	Name string
	// Service is the botocore name of the service that decides whether the
	// collector can run in a Region: "bedrock", "bedrock-agent",
	// "bedrock-agentcore-control", "sagemaker", "s3", "iam", "kms", "cloudtrail",
	// "ec2", "logs".
	Service string
	Scope   Scope
	// Types are the resource types that it lists. No two collectors share one.
	Types []string
	// Operations are all that it calls; calling another one panics.
	Operations []Operation
}

// Operation is one API operation and what it takes to be allowed to call it.
type Operation struct {
	// Name is the botocore name of the service, a colon, and the operation:
	// "bedrock-agent:ListAgents". Part one chooses the rate budget.
	Name string
	// Actions are the IAM actions that a caller needs: "bedrock:ListAgents".
	Actions []string
	// MayBeEmpty says that an output without any field is an answer
	// ("versioning was never switched on"). Without it such an output is a wrong
	// answer, because that is what a stand-in or proxy gives that does not know
	// the operation.
	MayBeEmpty bool
}

// Service is the part of the operation's name that chooses its budget.
func (o Operation) Service() string { return serviceOf(o.Name) }

func serviceOf(operation string) string {
	service, _, _ := strings.Cut(operation, ":")
	return service
}

// Operation returns the declared operation of that name, nil when there is none.
func (d *Declaration) Operation(name string) *Operation {
	for i := range d.Operations {
		if d.Operations[i].Name == name {
			return &d.Operations[i]
		}
	}
	return nil
}

func (d *Declaration) declares(typ string) bool { return slices.Contains(d.Types, typ) }

// Validate reports the first thing that is wrong with the declaration.
func (d *Declaration) Validate() error {
	switch {
	case d.Name == "":
		return fmt.Errorf("collector without a name")
	case d.Service == "":
		return fmt.Errorf("collector %s: no service", d.Name)
	case d.Scope != Regional && d.Scope != Global:
		return fmt.Errorf("collector %s: scope is neither Regional nor Global", d.Name)
	case len(d.Types) == 0:
		return fmt.Errorf("collector %s: no types", d.Name)
	case len(d.Operations) == 0:
		return fmt.Errorf("collector %s: no operations", d.Name)
	}
	for i, op := range d.Operations {
		service, name, ok := strings.Cut(op.Name, ":")
		if !ok || service == "" || name == "" {
			return fmt.Errorf("collector %s: operation %q: want service:Operation", d.Name, op.Name)
		}
		if len(op.Actions) == 0 {
			return fmt.Errorf("collector %s: operation %s: no IAM actions", d.Name, op.Name)
		}
		if d.Operation(op.Name) != &d.Operations[i] {
			return fmt.Errorf("collector %s: operation %s is declared twice", d.Name, op.Name)
		}
	}
	return nil
}

// ValidateAll validates each declaration, and that no two have a name or a type in common.
func ValidateAll(decls []*Declaration) error {
	names, types := map[string]bool{}, map[string]string{}
	for _, d := range decls {
		if err := d.Validate(); err != nil {
			return err
		}
		if names[d.Name] {
			return fmt.Errorf("two collectors are named %s", d.Name)
		}
		names[d.Name] = true
		for _, t := range d.Types {
			if other := types[t]; other != "" {
				return fmt.Errorf("collectors %s and %s both list %s", other, d.Name, t)
			}
			types[t] = d.Name
		}
	}
	return nil
}
