package cloudformation

import (
	"slices"

	"github.com/assize-dev/assize"
)

// outside says what a resource gets from a document, template or snapshot that one of its properties
// names, and that is not read. What the resource does not say itself is then not known: it is neither
// the default nor nothing. (The pages of the types in the CloudFormation User Guide.)
type outside struct {
	from    []string // the properties that name it
	decides []string // the properties that it decides where the resource has none
	parts   bool     // it makes parts that are resources of their own otherwise
}

var fromOutside = map[string]outside{
	"AWS::ApiGateway::RestApi": {from: []string{"Body", "BodyS3Location", "CloneFrom"}, parts: true},
	"AWS::ApiGatewayV2::Api":   {from: []string{"Body", "BodyS3Location", "Target"}, parts: true},
	"AWS::Bedrock::Flow":       {from: []string{"DefinitionString", "DefinitionS3Location"}, decides: []string{"Definition"}},
	"AWS::EC2::Instance": {from: []string{"LaunchTemplate"}, decides: []string{
		"BlockDeviceMappings", "IamInstanceProfile", "ImageId", "MetadataOptions", "NetworkInterfaces", "SecurityGroupIds", "SubnetId", "UserData",
	}},
	"AWS::Neptune::DBCluster": {from: []string{"SnapshotIdentifier", "SourceDBClusterIdentifier"}, decides: []string{"KmsKeyId", "StorageEncrypted"}},
	"AWS::RDS::DBCluster":     {from: []string{"SnapshotIdentifier", "SourceDBClusterIdentifier"}, decides: []string{"KmsKeyId", "StorageEncrypted"}},
	"AWS::RDS::DBInstance": {
		from:    []string{"DBClusterIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier"},
		decides: []string{"KmsKeyId", "StorageEncrypted"},
	},
}

// namesOutside is the property of a resource that names something outside, "" where there is none.
func (it *item) namesOutside() string {
	o := it.planned.Attributes
	for _, name := range fromOutside[it.typ].from {
		if o.Get(name) != nil {
			return name
		}
	}
	return ""
}

// openOutside makes unknown what something outside decides.
func (it *item) openOutside() {
	from := it.namesOutside()
	if from == "" {
		return
	}
	it.planned.Attributes = slices.Clone(it.planned.Attributes)
	for _, name := range fromOutside[it.typ].decides {
		if it.planned.Attributes.Get(name) == nil {
			it.planned.Attributes = it.planned.Attributes.Set(name, outsideOf(from))
		}
	}
}

// doubtOutside makes unknown the parts that something outside may make.
func (j *joiner) doubtOutside(it *item) {
	if from := it.namesOutside(); from != "" && fromOutside[it.typ].parts {
		for _, part := range j.m.Parts(it.typ) {
			if len(it.planned.Parts[part.Type]) == 0 {
				j.tie(naming{it, outsideOf(from)}, part.Type, nil)
			}
		}
	}
}

func outsideOf(property string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.DeferredToLive, Detail: "what " + property + " names decides it, and is not read"}
}
