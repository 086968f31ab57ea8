package org

import "github.com/assize-dev/assize/iam/plan"

// shells are the calls that open a running workload to commands, which then have its role.
var shells = map[plan.Kind][]string{
	plan.Instance:         {"ssm:StartSession", "ssm:SendCommand"},
	plan.ContainerService: {"ecs:ExecuteCommand"},
}

// workload lists the ways into an EC2 instance or an ECS service that runs under a role: a
// shell, and what opens one or has code run at the next start.
func (a *Analysis) workload(role *Principal, r *plan.Resource) []Route {
	var out []Route
	for _, operation := range shells[r.Kind] {
		out = append(out, a.working(role, r, operation)...)
	}
	call := func(operation string, created bool) plan.Call {
		return plan.Call{Operation: operation, Target: r.ARN, Created: created}
	}
	switch {
	case r.Kind == plan.Instance:
		// User data is changed while the instance is stopped ("Run commands when you launch an
		// EC2 instance with user data input", Amazon EC2 User Guide).
		out = append(out, Route{
			Role: role, Control: plan.Full, Why: "user data of instance " + r.ARN + " changed",
			Calls: []plan.Call{call("ec2:StopInstances", false), call("ec2:ModifyInstanceAttribute", false), call("ec2:StartInstances", false)},
		})
	case r.Kind == plan.ContainerService && r.NoExec:
		out = append(out, Route{
			Role: role, Control: plan.Full, Why: "commands allowed in the tasks of service " + r.ARN,
			Calls: []plan.Call{call("ecs:UpdateService", false), call("ecs:ExecuteCommand", true)},
		})
	}
	for i := range out {
		out[i].way = r.ARN
	}
	return out
}
