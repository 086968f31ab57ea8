package sar

import (
	"slices"
	"strings"
	"sync"
)

// Class says what an action of an AI service is for. The access levels of the reference are of
// no use for that: bedrock:InvokeModel is "Read" there. The classes are ours.
type Class string

// The classes. Inference to Interactive run models or code; Governance switches controls off or
// signs contracts; ReadSensitive returns customer content or secrets.
const (
	Inference            Class = "inference"             // runs a model
	InferenceIndirect    Class = "inference-indirect"    // runs a model under another role: agents, flows, knowledge bases
	InferenceBatch       Class = "inference-batch"       // starts jobs that run a model
	Run                  Class = "run"                   // runs an agent, tool, browser or code interpreter
	RunJob               Class = "run-job"               // starts jobs of AgentCore that run a model
	Interactive          Class = "interactive"           // opens a session that acts with an execution role
	GuardrailRuntime     Class = "guardrail-runtime"     // applies a guardrail
	AuthorizationRuntime Class = "authorization-runtime" // asks a policy engine
	Credential           Class = "credential"            // hands out credentials
	MemoryWrite          Class = "memory-write"          // writes what agents remember
	Governance           Class = "governance"
	Admin                Class = "admin"
	ReadSensitive        Class = "read-sensitive"
	Read                 Class = "read"
	Tagging              Class = "tagging"
)

// Runs says whether actions of the class make a model or an agent work.
func (c Class) Runs() bool {
	return slices.Contains([]Class{Inference, InferenceIndirect, InferenceBatch, Run, RunJob}, c)
}

// Administers says whether actions of the class change what others run or what limits them.
func (c Class) Administers() bool { return c == Admin || c == Governance }

// classTables are the services whose every action has a class.
var classTables = map[string]map[Class]string{
	"bedrock":           bedrockClasses,
	"bedrock-mantle":    mantleClasses,
	"bedrock-websearch": websearchClasses,
	"bedrock-agentcore": agentcoreClasses,
	"sagemaker":         sagemakerClasses,
}

// classes is classTables by service and action.
var classes = sync.OnceValue(func() map[string]map[string]Class {
	out := map[string]map[string]Class{}
	for service, table := range classTables {
		out[service] = map[string]Class{}
		for class, names := range table {
			for name := range strings.FieldsSeq(names) {
				out[service][name] = class
			}
		}
	}
	return out
})

func classesOf(service string) map[string]Class { return classes()[service] }

// Classified lists the services whose actions have classes.
func Classified() []string { return sortedKeys(classTables) }

// Unclassified lists the actions of classified services that have no class, as
// "bedrock:NewAction": data newer than the classes. Questions about access would leave them out.
func (d *Data) Unclassified() []string {
	var out []string
	for _, service := range Classified() {
		for _, a := range d.Actions(service) {
			if a.Class == "" {
				out = append(out, a.String())
			}
		}
	}
	return out
}

// OfClass lists the actions of a service in any of the classes.
func (d *Data) OfClass(service string, of ...Class) []*Action {
	var out []*Action
	for _, a := range d.Actions(service) {
		if slices.Contains(of, a.Class) {
			out = append(out, a)
		}
	}
	return out
}
