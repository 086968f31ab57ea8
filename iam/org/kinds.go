package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/plan"
)

// kind says how a type of the inventory becomes a resource of the catalog.
type kind struct {
	typ    string
	kind   plan.Kind
	also   plan.Kind // a second kind that resources of the type have; "" for none
	global bool
	// role, members, guardrail, key and policy are paths of facts; empty where there are none.
	role, guardrail, key, policy string
	members                      []string
	// tagged: the type has its tags as facts.
	tagged bool
	// more completes the resource; false leaves it out.
	more func(*inventoryBuilder, *assize.Resource, *plan.Resource) bool
}

var kinds = []kind{
	{typ: "AWS::Bedrock::FoundationModel", kind: plan.FoundationModel},
	{typ: "AWS::Bedrock::ApplicationInferenceProfile", kind: plan.ApplicationProfile, members: []string{"Models[].ModelArn"}, tagged: true},
	{typ: "AWS::Bedrock::InferenceProfile", kind: plan.InferenceProfile, members: []string{"Models[].ModelArn"}},
	{typ: "AWS::Bedrock::ProvisionedModelThroughput", kind: plan.ProvisionedModel, tagged: true},
	{typ: "AWS::Bedrock::CustomModel", kind: plan.CustomModel, key: "ModelKmsKeyArn", policy: "ResourcePolicy", tagged: true},
	{typ: "AWS::Bedrock::CustomModelDeployment", kind: plan.ModelDeployment, members: []string{"ModelArn"}, tagged: true},
	{typ: "AWS::Bedrock::ImportedModel", kind: plan.ImportedModel, key: "ModelKmsKeyArn"},
	{typ: "AWS::Bedrock::Guardrail", kind: plan.Guardrail, members: []string{"CrossRegionConfig.GuardrailProfileArn"}, policy: "ResourcePolicy", tagged: true},
	{typ: "AWS::Bedrock::IntelligentPromptRouter", kind: plan.PromptRouter, also: plan.DefaultRouter, members: []string{"Models[].ModelArn", "FallbackModel.ModelArn"}, tagged: true, more: routerKind},
	{typ: "AWS::Bedrock::Prompt", kind: plan.Prompt, members: []string{"Variants[].ModelId"}, tagged: true},
	{typ: "AWS::Bedrock::Agent", kind: plan.Agent, role: "AgentResourceRoleArn", guardrail: "GuardrailConfiguration.GuardrailIdentifier", tagged: true, members: []string{
		"FoundationModel", "PromptOverrideConfiguration.PromptConfigurations[].FoundationModel",
		"AgentCollaborators[].AgentDescriptor.AliasArn", "KnowledgeBases[].KnowledgeBaseId",
	}},
	{typ: "AWS::Bedrock::AgentAlias", kind: plan.AgentAlias, more: aliasAgent},
	{typ: "AWS::Bedrock::Flow", kind: plan.Flow, role: "ExecutionRoleArn", members: flowMembers("")},
	{typ: "AWS::Bedrock::FlowAlias", kind: plan.FlowAlias, more: aliasFlow},
	{typ: "AWS::Bedrock::KnowledgeBase", kind: plan.KnowledgeBase, role: "RoleArn", policy: "ResourcePolicy", tagged: true, members: []string{
		"KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn",
	}},
	{typ: "AWS::BedrockAgentCore::Runtime", kind: plan.Runtime, role: "RoleArn", policy: "ResourcePolicy", more: tokenCallers},
	{typ: "AWS::BedrockAgentCore::Gateway", kind: plan.Gateway, role: "RoleArn", policy: "ResourcePolicy", more: tokenCallers},
	{typ: "AWS::BedrockAgentCore::Harness", kind: plan.Harness, role: "ExecutionRoleArn", more: tokenCallers},
	{typ: "AWS::BedrockAgentCore::BrowserCustom", kind: plan.Browser, role: "ExecutionRoleArn"},
	{typ: "AWS::BedrockAgentCore::CodeInterpreterCustom", kind: plan.CodeInterpreter, role: "ExecutionRoleArn"},
	{typ: "AWS::BedrockAgentCore::Memory", kind: plan.Memory, role: "MemoryExecutionRoleArn", key: "EncryptionKeyArn"},
	{typ: "AWS::SageMaker::Endpoint", kind: plan.Endpoint, more: endpointRole},
	{typ: "AWS::SageMaker::Model", kind: plan.Model, role: "ExecutionRoleArn"},
	{typ: "AWS::SageMaker::NotebookInstance", kind: plan.Notebook, role: "RoleArn"},
	{typ: "AWS::SageMaker::Domain", kind: plan.Domain, role: "DefaultUserSettings.ExecutionRole", tagged: true},
	{typ: "AWS::SageMaker::UserProfile", kind: plan.UserProfile, role: "UserSettings.ExecutionRole", more: profileRole},
	{typ: "AWS::EC2::Instance", kind: plan.Instance, tagged: true, more: instanceRole},
	{typ: "AWS::ECS::Service", kind: plan.ContainerService, role: "TaskRoleArn", members: []string{"Cluster"}, tagged: true, more: takesCommands},
	{typ: "AWS::Lambda::Function", kind: plan.Function, role: "Role", policy: "Policy", tagged: true},
	{typ: "AWS::S3::Bucket", kind: plan.Bucket, policy: "BucketPolicy.PolicyDocument", tagged: true, more: bucketKey},
	{typ: "AWS::Logs::LogGroup", kind: plan.LogGroup, key: "KmsKeyId", more: groupARN},
	{typ: "AWS::KMS::Key", kind: plan.Key, policy: "KeyPolicy", members: []string{"Aliases"}},
	{typ: "AWS::SecretsManager::Secret", kind: plan.Secret, key: "KmsKeyId", policy: "ResourcePolicy", tagged: true},
}

// flowMembers are the paths by which the nodes of a flow name what they run.
func flowMembers(prefix string) []string {
	var out []string
	for _, nodes := range []string{"Definition.Nodes[]", "Definition.Nodes[].Configuration.Loop.Definition.Nodes[]"} {
		for _, path := range []string{
			"Prompt.SourceConfiguration.Inline.ModelId", "Prompt.SourceConfiguration.Resource.PromptArn",
			"KnowledgeBase.KnowledgeBaseId", "KnowledgeBase.ModelId", "Agent.AgentAliasArn",
		} {
			out = append(out, prefix+nodes+".Configuration."+path)
		}
	}
	return out
}

// read makes a resource of the catalog; nil for one that no call can name.
func (k *kind) read(b *inventoryBuilder, r *assize.Resource) *plan.Resource {
	out := &plan.Resource{ARN: r.ARN, Kind: k.kind, Name: r.ID, Account: r.Account, Region: r.Region}
	if k.kind == plan.FoundationModel {
		out.Account = "" // of AWS
	}
	if k.role != "" {
		out.Role, out.RoleUnknown = text(r, k.role)
	}
	if k.guardrail != "" {
		out.Guardrail = b.guardrail(r, k.guardrail)
	}
	if k.key != "" {
		out.Key, out.KeyUnknown = text(r, k.key)
	}
	for _, path := range k.members {
		list, u := texts(r, path)
		for _, m := range list {
			out.Members = append(out.Members, b.memberARN(r, path, m))
		}
		if u != nil {
			out.MembersUnknown = u
		}
	}
	if k.tagged {
		var u *assize.Unknown
		out.Tags, u = tags(r)
		out.TagsKnown = u == nil
	}
	if k.policy != "" {
		if s, u := text(r, k.policy); s != "" || u != nil {
			out.Policy = b.document(r, k.policy).Policy
		}
	}
	if k.more != nil && !k.more(b, r, out) {
		return nil
	}
	return out
}

// partitionOf is the partition of an account.
func (b *inventoryBuilder) partitionOf(account string) string {
	for _, a := range b.inv.Accounts {
		if a.ID == account && a.Partition != "" {
			return a.Partition
		}
	}
	return "aws"
}

// memberARN makes an ARN of what a resource names: the id of a model, profile or knowledge base.
func (b *inventoryBuilder) memberARN(r *assize.Resource, path, name string) string {
	if strings.HasPrefix(name, "arn:") || strings.HasSuffix(path, "Aliases") {
		return name
	}
	prefix := "arn:" + b.partitionOf(r.Account) + ":bedrock:" + r.Region + ":"
	if strings.HasSuffix(path, "KnowledgeBaseId") {
		return prefix + r.Account + ":knowledge-base/" + name
	}
	for _, m := range b.byType["AWS::Bedrock::FoundationModel"] {
		if m.Region == r.Region && m.ID == name {
			return m.ARN
		}
	}
	for _, typ := range []string{"AWS::Bedrock::InferenceProfile", "AWS::Bedrock::ApplicationInferenceProfile"} {
		for _, p := range b.byType[typ] {
			if p.Account == r.Account && p.Region == r.Region && p.ID == name {
				return p.ARN
			}
		}
	}
	if head, _, _ := strings.Cut(name, "."); slices.Contains(geographies, head) {
		return prefix + r.Account + ":inference-profile/" + name
	}
	return prefix + ":foundation-model/" + name
}

// geographies begin the ids of profiles that Bedrock defines ("Supported Regions and models for
// inference profiles"), for a profile that was not collected.
var geographies = []string{"us", "eu", "apac", "jp", "au", "ca", "us-gov", "global"}

// guardrail gives the ARN of a guardrail that a resource names by id or ARN.
func (b *inventoryBuilder) guardrail(r *assize.Resource, path string) string {
	name, _ := text(r, path)
	if name == "" || strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:" + b.partitionOf(r.Account) + ":bedrock:" + r.Region + ":" + r.Account + ":guardrail/" + name
}

// testAlias is the alias of the working draft that every flow has from the start ("Deploy a flow
// to your application", Amazon Bedrock User Guide).
const testAlias = "TSTALIASID"

// flowAlias is the alias by which a flow is invoked: IAM asks for it and not for the flow.
func flowAlias(flow *plan.Resource) *plan.Resource {
	alias := *flow
	alias.ARN += "/alias/" + testAlias
	alias.Kind, alias.Members, alias.MembersUnknown = plan.FlowAlias, []string{flow.ARN}, nil
	alias.Name, alias.TagsKnown = flow.Name+"/"+testAlias, false
	return &alias
}

// routerKind tells the routers that Bedrock defines from those of the account.
func routerKind(_ *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	if strings.Contains(r.ARN, ":"+string(plan.DefaultRouter)+"/") {
		out.Kind = plan.DefaultRouter
	}
	return true
}

// aliasFlow leads from an alias to its flow, under whose role it works, or to what its version runs.
func aliasFlow(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	arn, _, ok := strings.Cut(r.ARN, "/alias/")
	if !ok {
		return false
	}
	if b.versioned(r, out, "RoutingConfiguration[].FlowVersion", "Version.ExecutionRoleArn", flowMembers("Version.")) {
		return true
	}
	out.Members = []string{arn}
	out.RoleUnknown = &assize.Unknown{Cause: assize.Unlinked, Detail: "flow " + arn + " is not in the inventory"}
	for _, f := range b.byType["AWS::Bedrock::Flow"] {
		if f.ARN == arn {
			out.Role, out.RoleUnknown = text(f, "ExecutionRoleArn")
		}
	}
	return true
}

// instanceRole is the role of an EC2 instance: that of its instance profile. A call reaches
// instances that run.
func instanceRole(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	state, unknown := text(r, "State.Name")
	if unknown == nil && state != "running" {
		return false
	}
	profile, u := text(r, "IamInstanceProfile")
	if unknown != nil && profile != "" {
		u = unknown // whether it runs is not known
	}
	if out.RoleUnknown = u; u != nil || profile == "" {
		return true
	}
	out.RoleUnknown = &assize.Unknown{Cause: assize.Unlinked, Detail: "no role is known to be in " + profile}
	for _, role := range b.byType[typeRole] {
		if role.Account != r.Account {
			continue
		}
		profiles, u := texts(role, "InstanceProfiles[].Arn")
		if slices.Contains(profiles, profile) {
			out.Role, out.RoleUnknown = role.ARN, nil
			return true
		}
		if u != nil {
			out.RoleUnknown = u
		}
	}
	return true
}

// takesCommands says whether a shell can be opened in the containers of an ECS service (ECS Exec).
// One that has ended is left out.
func takesCommands(_ *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	status, u := text(r, "Status")
	if status == "INACTIVE" {
		return false
	}
	if u != nil && out.Role != "" {
		out.Role, out.RoleUnknown = "", u
	}
	switch enabled := r.Properties.At("EnableExecuteCommand").(type) {
	case bool:
		out.NoExec = !enabled
	case *assize.Unknown:
		if out.Role != "" {
			out.Role, out.RoleUnknown = "", enabled
		}
	default:
		out.NoExec = true
	}
	return true
}

// aliasAgent leads from an alias to its agent, or to what its version runs.
func aliasAgent(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	if b.versioned(r, out, "RoutingConfiguration[].AgentVersion", "Version.AgentResourceRoleArn", agentVersionMembers) {
		out.Guardrail = b.guardrail(r, "Version.GuardrailConfiguration.GuardrailIdentifier")
		return true
	}
	agent, u := text(r, "AgentId")
	out.MembersUnknown = u
	if head, _, ok := strings.Cut(r.ARN, ":agent-alias/"); ok && agent != "" {
		out.Members = []string{head + ":agent/" + agent}
	}
	return true
}

var agentVersionMembers = []string{
	"Version.FoundationModel", "Version.PromptOverrideConfiguration.PromptConfigurations[].FoundationModel",
	"Version.AgentCollaborators[].AgentDescriptor.AliasArn", "Version.KnowledgeBases[].KnowledgeBaseId",
}

// versioned completes an alias that leads to a numbered version, which works by itself: the draft may
// have another role and other models by now. False for an alias that leads to the draft.
func (b *inventoryBuilder) versioned(r *assize.Resource, out *plan.Resource, routing, role string, members []string) bool {
	versions, u := texts(r, routing)
	if u != nil {
		out.RoleUnknown, out.MembersUnknown = u, u
		return true
	}
	if len(versions) == 0 || versions[0] == "DRAFT" {
		return false
	}
	out.Role, out.RoleUnknown = text(r, role)
	out.Members = nil
	for _, path := range members {
		list, u := texts(r, path)
		for _, m := range list {
			out.Members = append(out.Members, b.memberARN(r, path, m))
		}
		if u != nil {
			out.MembersUnknown = u
		}
	}
	return true
}

// tokenCallers marks what takes tokens of an identity provider.
func tokenCallers(_ *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	url, _ := text(r, "AuthorizerConfiguration.CustomJWTAuthorizer.DiscoveryUrl")
	typ, _ := text(r, "AuthorizerType")
	out.JWT = url != "" || typ == "CUSTOM_JWT"
	return true
}

// endpointRole is the role of an endpoint: that of its configuration, or of its models.
func endpointRole(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	name, u := text(r, "EndpointConfigName")
	out.RoleUnknown = u
	for _, c := range b.byType["AWS::SageMaker::EndpointConfig"] {
		if c.Account != r.Account || c.Region != r.Region || c.ID != name {
			continue
		}
		if out.Role, out.RoleUnknown = text(c, "ExecutionRoleArn"); out.Role != "" {
			return true
		}
		models, _ := texts(c, "ProductionVariants[].ModelName")
		for _, m := range b.byType["AWS::SageMaker::Model"] {
			if m.Account == r.Account && m.Region == r.Region && len(models) > 0 && m.ID == models[0] {
				out.Role, out.RoleUnknown = text(m, "ExecutionRoleArn")
			}
		}
	}
	return true
}

// profileRole: a user profile without a role has that of its domain.
func profileRole(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	domain, u := text(r, "DomainId")
	if out.Role != "" || out.RoleUnknown != nil {
		return true
	}
	out.RoleUnknown = u
	for _, d := range b.byType["AWS::SageMaker::Domain"] {
		if d.Account == r.Account && d.Region == r.Region && d.ID == domain {
			out.Role, out.RoleUnknown = text(d, "DefaultUserSettings.ExecutionRole")
		}
	}
	return true
}

// bucketKey is how a bucket encrypts by default. Its ARN is made of its name.
func bucketKey(b *inventoryBuilder, r *assize.Resource, out *plan.Resource) bool {
	if out.ARN == "" {
		out.ARN = "arn:" + b.partitionOf(r.Account) + ":s3:::" + r.ID
	}
	rules, u := objects(r, "BucketEncryption.ServerSideEncryptionConfiguration")
	out.KeyUnknown = u
	for _, rule := range rules {
		algorithm, _ := rule.At("ServerSideEncryptionByDefault.SSEAlgorithm").(string)
		out.BucketKey, _ = rule.Get("BucketKeyEnabled").(bool)
		if !strings.HasPrefix(algorithm, "aws:kms") {
			continue
		}
		switch key := rule.At("ServerSideEncryptionByDefault.KMSMasterKeyID").(type) {
		case string:
			out.Key = key
		case *assize.Unknown:
			out.KeyUnknown = key
		default:
			out.Key = "alias/aws/s3"
		}
	}
	status, _ := text(r, "VersioningConfiguration.Status")
	out.Versioned = status != ""
	return true
}

// groupARN takes the ":*" off the ARN of a log group.
func groupARN(_ *inventoryBuilder, _ *assize.Resource, out *plan.Resource) bool {
	out.ARN = strings.TrimSuffix(out.ARN, ":*")
	return true
}
