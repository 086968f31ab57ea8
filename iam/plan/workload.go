package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/assize-dev/assize"
)

// someID stands where the id of what is not listed stands in an ARN: no policy names it.
const someID = "assize-any"

// openInstance: who opens a session on an EC2 instance works with the credentials of its role.
// The default document of a session is not asked for ("Enforce a session document permission
// check for the AWS CLI", AWS Systems Manager User Guide).
func (b *builder) openInstance(action string) error {
	if !b.isInstance() {
		return b.one(action)
	}
	b.add(action, b.Call.Target, "the instance", nil)
	b.managed()
	return nil
}

// commandInstance: a command runs on the instance, by a document that runs whatever it is given.
func (b *builder) commandInstance(action string) error {
	if !b.isInstance() {
		return b.one(action)
	}
	b.add(action, b.Call.Target, "the instance", nil)
	document := b.at
	document.service, document.account, document.resource = "ssm", "", "document/AWS-RunShellScript"
	b.add(action, document.String(), "the document", nil)
	b.managed()
	return nil
}

func (b *builder) isInstance() bool {
	return b.at.service == "ec2" && Kind(b.at.kind()) == Instance
}

// managed: Systems Manager reaches the instance if its agent runs and may register.
func (b *builder) managed() {
	b.lacks(&assize.Unknown{Cause: assize.NotConnected, Detail: "whether Systems Manager manages " + b.Call.Target})
	b.onInstance()
}

// changeInstance: who changes the user data of an instance has it run when the instance starts.
func (b *builder) changeInstance(action string) error {
	if err := b.one(action); err != nil || !b.isInstance() {
		return err
	}
	b.onInstance()
	return nil
}

func (b *builder) onInstance() {
	r := b.cat.Find(b.Call.Target)
	if r == nil {
		b.lacks(b.cat.missing(Instance, b.Call.Target))
		return
	}
	b.run(r, Full, "role")
}

// execute: a command in a container of ECS works with the credentials of the task role. The
// target is a service, any task of which will do, or a task.
func (b *builder) execute(action string) error {
	isService := Kind(b.at.kind()) == ContainerService
	if b.at.service != "ecs" || !isService && b.at.kind() != "task" {
		return b.one(action)
	}
	cluster, _, named := strings.Cut(b.at.id(), "/")
	task := b.Call.Target
	r := b.cat.Find(b.Call.Target)
	if isService {
		if r != nil && len(r.Members) == 1 { // the old format of ARNs leaves out the cluster
			at, _ := parseARN(r.Members[0])
			cluster, named = cmp.Or(at.id(), cluster), true
		}
		if r != nil && r.NoExec && !b.Call.Created {
			return fmt.Errorf("%s takes no commands: %w", b.Call.Target, ErrTarget)
		}
		task = b.at.beside("ecs", "task/"+cluster+"/"+someID)
	}
	if !named {
		return fmt.Errorf("the cluster of %s is not known: %w", b.Call.Target, ErrTarget)
	}
	b.note(noteExec)
	b.add(action, task, "the task", nil)
	b.add(action, b.at.beside("ecs", "cluster/"+cluster), "its cluster", nil)
	if r == nil {
		b.lacks(b.cat.missing(ContainerService, b.Call.Target))
		return nil
	}
	b.run(r, Full, "task role")
	return nil
}
