// Package plan says which authorization checks one API call is made of.
//
// Bedrock, bedrock-mantle, AgentCore and SageMaker make several checks for one call: an
// inference profile asks for itself and for the model in every Region that it may lead to, a
// request with a guardrail asks for the guardrail too, an API key asks for its own use. All
// checks of a [Plan] have to pass. What then runs under another role (agents, flows, knowledge
// bases, jobs, notebooks) is no check of the caller but a [Run].
//
// Where AWS does not document a check, the plan carries a [Note] with the reading that was
// chosen. Destinations, roles and keys come from a [Catalog] of what exists, never from a table.
//
// It is pure: no clock, no network, no files.
package plan
