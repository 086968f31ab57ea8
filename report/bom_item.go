package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// bomItem is a component or a service of a CycloneDX document; a service has no type.
type bomItem struct {
	Type        string        `json:"type,omitempty"`
	Ref         string        `json:"bom-ref"`
	Publisher   string        `json:"publisher,omitempty"`
	Provider    *bomProvider  `json:"provider,omitempty"`
	Group       string        `json:"group,omitempty"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	ModelCard   *bomModelCard `json:"modelCard,omitempty"`
	Data        []bomData     `json:"data,omitempty"`
	Crypto      *bomCrypto    `json:"cryptoProperties,omitempty"`
	Properties  []bomProperty `json:"properties,omitempty"`
}

type bomProvider struct {
	Name string `json:"name"`
}

type bomProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type bomData struct {
	Type string `json:"type"`
	Name string `json:"name,omitempty"`
}

type bomModelCard struct {
	Parameters bomModelParameters `json:"modelParameters"`
}

type bomModelParameters struct {
	Inputs  []bomFormat `json:"inputs,omitempty"`
	Outputs []bomFormat `json:"outputs,omitempty"`
}

type bomFormat struct {
	Format string `json:"format"`
}

type bomCrypto struct {
	AssetType string `json:"assetType"`
	Material  struct {
		Type string `json:"type"`
	} `json:"relatedCryptoMaterialProperties"`
}

// What resource types are in a bill of materials. An AI type that is in none of the
// lists is a service; another one is configuration.
var (
	bomModels = []string{
		"AWS::Bedrock::FoundationModel", "AWS::Bedrock::CustomModel", "AWS::Bedrock::ImportedModel",
		"AWS::SageMaker::Model", "AWS::SageMaker::ModelPackage", "AWS::Comprehend::DocumentClassifier", "AWS::Comprehend::EntityRecognizer",
		"AWS::Rekognition::ProjectVersion", "AWS::Textract::AdapterVersion", "AWS::Transcribe::LanguageModel",
	}
	bomDatasets = []string{
		"AWS::S3::Bucket", "AWS::Bedrock::DataSource", "AWS::SageMaker::FeatureGroup", "AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index",
		"AWS::Kendra::DataSource", "AWS::QBusiness::DataSource", "AWS::DynamoDB::Table", "AWS::EFS::FileSystem",
	}
	bomImages   = []string{"AWS::ECR::Repository", "AWS::SageMaker::Image"}
	bomSettings = []string{
		"AWS::SageMaker::EndpointConfig", "AWS::SageMaker::AppImageConfig", "AWS::SageMaker::NotebookInstanceLifecycleConfig",
		"AWS::SageMaker::ModelCard", "AWS::SageMaker::ModelPackageGroup", "AWS::SageMaker::Experiment", "AWS::Bedrock::Prompt",
		"AWS::Bedrock::ModelInvocationLogging", "AWS::Bedrock::AutomatedReasoningPolicy", "AWS::BedrockAgentCore::OnlineEvaluationConfig",
		"AWS::BedrockAgentCore::WorkloadIdentity", "AWS::BedrockAgentCore::ConfigurationBundle", "AWS::BedrockAgentCore::BrowserProfile",
	}
	bomServices = []string{
		"AWS::Lambda::", "AWS::OpenSearchService::Domain", "AWS::OpenSearchServerless::Collection", "AWS::RDS::DB", "AWS::Neptune::DB",
		"AWS::NeptuneGraph::Graph", "AWS::MemoryDB::Cluster", "AWS::Kendra::Index", "AWS::Redshift::Cluster", "AWS::RedshiftServerless::Workgroup",
		"AWS::ECS::Service", "AWS::EKS::Cluster", "AWS::StepFunctions::StateMachine", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::SecretsManager::Secret",
		"AWS::EC2::VPCEndpoint", "AWS::EC2::Instance", "AWS::ApiGateway", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::CloudFront::Distribution",
		"AWS::Cognito::UserPool", "AWS::Logs::LogGroup",
	}
)

// newItem is an item of the kind that the resource type is.
func newItem(typ string, ai bool) *bomItem {
	within := func(p string) bool { return strings.HasPrefix(typ, p) }
	switch {
	case slices.Contains(bomModels, typ):
		return &bomItem{Type: "machine-learning-model"}
	case slices.Contains(bomDatasets, typ):
		return &bomItem{Type: "data", Data: []bomData{{Type: "dataset"}}}
	case slices.Contains(bomImages, typ):
		return &bomItem{Type: "container"}
	case typ == "AWS::KMS::Key":
		c := &bomCrypto{AssetType: "related-crypto-material"}
		c.Material.Type = "key"
		return &bomItem{Type: "cryptographic-asset", Crypto: c}
	case !slices.Contains(bomSettings, typ) && (ai || slices.ContainsFunc(bomServices, within)):
		return &bomItem{Provider: &bomProvider{Name: "Amazon Web Services"}}
	}
	return &bomItem{Type: "data", Data: []bomData{{Type: "configuration"}}}
}

// item describes an asset.
func (c *cyclonedx) item(a *assize.Asset) *bomItem {
	r := a.Resource
	i := newItem(r.Type, a.AI)
	i.Ref, i.Name, i.Group = bomRef(r), cutID(clean(r.ID), 300), cutID(clean(r.Type), 200)
	i.Description = cut(paragraph(a.Title+": "+head(a.Scope, textReason)), textReason)
	i.Properties = kept([]bomProperty{
		{"assize:type", clean(r.Type)}, {"assize:arn", cutID(clean(r.ShownARN()), 500)}, {"assize:account", clean(r.Account)}, {"assize:region", clean(r.Region)},
	})
	if i.Type == "machine-learning-model" {
		i.Publisher, i.ModelCard = clean(propertyText(r, "ProviderName")), modelCard(r)
	}
	if v := c.verdicts[r.Key()]; v != nil {
		i.Properties = append(i.Properties, verdictProperties(v.counts)...)
		for _, id := range v.failed {
			i.Properties = append(i.Properties, bomProperty{"assize:failed", clean(id)})
		}
	}
	return i
}

// verdictProperties give all five counts: none is left out because it is zero.
func verdictProperties(c assize.Counts) []bomProperty {
	var out []bomProperty
	for _, o := range assize.Outcomes {
		out = append(out, bomProperty{"assize:verdict:" + string(o), strconv.Itoa(c.Of(o))})
	}
	return out
}

// kept are the properties that have a value.
func kept(all []bomProperty) []bomProperty {
	return slices.DeleteFunc(all, func(p bomProperty) bool { return p.Value == "" })
}

// modelCard says what a model reads and writes, where the resource does.
func modelCard(r *assize.Resource) *bomModelCard {
	p := bomModelParameters{Inputs: formats(r, "InputModalities"), Outputs: formats(r, "OutputModalities")}
	if p.Inputs == nil && p.Outputs == nil {
		return nil
	}
	return &bomModelCard{Parameters: p}
}

func formats(r *assize.Resource, name string) []bomFormat {
	list, _ := r.Properties.Get(name).(assize.List)
	var out []bomFormat
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, bomFormat{strings.ToLower(clean(s))})
		}
	}
	return out
}

func propertyText(r *assize.Resource, name string) string {
	s, _ := r.Properties.Get(name).(string)
	return s
}
