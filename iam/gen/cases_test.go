package gen

const (
	haiku   = "anthropic.claude-3-haiku-20240307-v1:0"
	sonnet  = "anthropic.claude-sonnet-4-20250514-v1:0"
	account = "111122223333"
	guard   = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123"
	kmsKey  = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	images  = "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training"
	trainer = "arn:aws:iam::111122223333:role/train"
	keyRole = "arn:aws:iam::111122223333:role/keys"
)

var toUS = map[string][]string{"us": {"us-east-1", "us-east-2", "us-west-2"}}

// cases are options that cover every archetype and every option; the golden files have their names.
var cases = map[string]Options{
	"general": {Archetype: "general", Regions: []string{"us-east-1", "us-west-2"}, Models: []string{haiku}},
	"general-profiles": {
		Archetype: "general", Account: account, Regions: []string{"us-east-1"}, Destinations: toUS,
		Profiles: []string{"us." + sonnet, "global." + sonnet}, Guardrails: []string{guard, "arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0"},
		Endpoints: []string{"vpce-0a1b2c3d"}, Networks: []string{"203.0.113.0/24"}, Tiers: []string{"priority"},
	},
	"general-application-profile": {
		Archetype: "general", Account: account, Regions: []string{"us-east-1"}, Destinations: toUS, Models: []string{sonnet},
		Profiles: []string{
			"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/team1=us." + sonnet,
			"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/team2=" + haiku,
		},
	},
	"general-gov": {
		Archetype: "general", Partition: "aws-us-gov", Account: account, Regions: []string{"us-gov-west-1"}, Name: "chat",
		Profiles: []string{"us-gov." + sonnet}, Destinations: map[string][]string{"us-gov": {"us-gov-east-1", "us-gov-west-1"}},
	},
	"evaluation": {
		Archetype: "evaluation", Regions: []string{"us-east-1"}, Models: []string{haiku},
		OrgPaths: []string{"o-abcdefghij/r-abcd/ou-abcd-12345678/*"}, Networks: []string{"203.0.113.0/24", "2001:db8::/32"},
	},
	"fine-tuned": {Archetype: "fine-tuned", Account: account, Regions: []string{"us-east-1"}, Tag: "team=blue"},
	"fine-tuned-models": {
		Archetype: "fine-tuned", Account: account, Regions: []string{"us-east-1"}, Tag: "team=blue", Guardrails: []string{guard + ":3"},
		Models: []string{"arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc", "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/def"},
	},
	"specialised": {Archetype: "specialised", Regions: []string{"us-east-1"}, Models: []string{sonnet}, MFAAge: 900, Endpoints: []string{"vpce-0a1b2c3d"}},
	"scp": {
		Archetype: "scp", Regions: []string{"us-east-1", "us-west-2"}, Models: []string{haiku},
		Administrators: []string{"arn:aws:iam::111122223333:role/Privileged"},
	},
	"scp-profiles": {
		Archetype: "scp", Regions: []string{"us-east-1", "us-west-2"}, Models: []string{haiku}, Destinations: toUS,
		Profiles: []string{"us." + sonnet, "global." + sonnet},
	},
	"endpoint": {
		Archetype: "endpoint", Account: account, OrgID: "o-abcdefghij", Regions: []string{"us-east-1"}, Models: []string{haiku},
		Profiles: []string{"us." + sonnet}, Destinations: toUS, Guardrails: []string{guard},
	},
	"endpoint-account": {Archetype: "endpoint", Account: account, Regions: []string{"us-east-1"}, Models: []string{haiku}},
	"key":              {Archetype: "key", Account: account, Roles: []string{trainer}, Administrators: []string{keyRole}},
	"trust-service": {
		Archetype: "trust", Account: account, Service: "bedrock.amazonaws.com",
		SourceARNs: []string{"arn:aws:bedrock:us-east-1:111122223333:knowledge-base/*"},
	},
	"trust-third-party": {Archetype: "trust", Account: account, Roles: []string{"arn:aws:iam::444455556666:role/vendor"}, ExternalID: "acme-4711"},
	"trust-org":         {Archetype: "trust", Account: account, Roles: []string{"arn:aws:iam::444455556666:root"}, OrgID: "o-abcdefghij"},
	"ml-engineer-boundary": {
		Archetype: "ml-engineer-boundary", Account: account, Regions: []string{"us-east-1"}, Models: []string{haiku},
		Guardrails: []string{guard}, Roles: []string{trainer}, VPC: true,
	},
	"ml-engineer-boundary-open": {Archetype: "ml-engineer-boundary", Account: account, Regions: []string{"us-east-1", "eu-central-1"}},
	"sagemaker-training": {
		Archetype: "sagemaker-training", Account: account, Regions: []string{"us-east-1"}, Inputs: []string{"s3://acme-data/in/"},
		Outputs: []string{"s3://acme-data/out/"}, Repositories: []string{images}, Keys: []string{kmsKey}, VPC: true,
	},
	"sagemaker-processing": sageMakerCase("sagemaker-processing"),
	"sagemaker-transform":  sageMakerCase("sagemaker-transform"),
	"sagemaker-tuning":     sageMakerCase("sagemaker-tuning"),
	"sagemaker-notebook": {
		Archetype: "sagemaker-notebook", Account: account, Regions: []string{"us-east-1"}, Inputs: []string{"s3://acme-data/"},
		Outputs: []string{"s3://acme-data/out/"}, Roles: []string{trainer},
	},
	"sagemaker-endpoint": {
		Archetype: "sagemaker-endpoint", Account: account, Regions: []string{"us-east-1"}, Inputs: []string{"s3://acme-data/models/"}, Repositories: []string{images},
	},
	"sagemaker-pipeline": {
		Archetype: "sagemaker-pipeline", Account: account, Regions: []string{"us-east-1"}, Inputs: []string{"s3://acme-data/in/"},
		Outputs: []string{"s3://acme-data/out/"}, Roles: []string{trainer},
	},
	"sagemaker-feature-store": {Archetype: "sagemaker-feature-store", Account: account, Regions: []string{"us-east-1"}, Outputs: []string{"s3://acme-features/"}},
}

func sageMakerCase(archetype string) Options {
	return Options{
		Archetype: archetype, Account: account, Regions: []string{"us-east-1"}, Inputs: []string{"s3://acme-data/in/"},
		Outputs: []string{"s3://acme-data/out/"}, Repositories: []string{images},
	}
}
