package assize

import (
	"fmt"
	"strings"
)

// TerraformSource is a resource type of a Terraform provider that makes resources
// of a [Definition]'s type.
type TerraformSource struct {
	// Resource is the provider's type name: "aws_s3_bucket".
	Resource string `yaml:"resource"`
	// ID is the attribute that holds what $id stands for; "id" when empty.
	ID string `yaml:"id"`
	// ARN is the attribute that holds the ARN, "arn" when empty; or a template of
	// attributes: "arn:${partition}:s3:::${bucket}", where partition, region and
	// account are those of the provider; or "-" where the type has none.
	ARN string `yaml:"arn"`
	// Names are further attributes by which other resources name it ("name", "alias").
	Names []string `yaml:"names"`
	// Parts are resource types of the provider that are joined to their parent
	// before it is judged.
	Parts []TerraformPart `yaml:"parts"`
	// When is an attribute with a value that the resource must have to be of the
	// type: "kind=x". Empty: each is.
	When string `yaml:"when"`
	// Spread are, by the place of a list ("ingress[]", "rule[]" for parts), attributes of
	// its elements. The facts' list has one element for each entry of these attributes, with
	// none of the others, and none for an element of which all are empty: a block with two
	// ranges is two rules. An attribute that is true is one entry.
	Spread map[string][]string `yaml:"spread"`
	// Together are lists of the facts ("SecurityGroupIngress") whose elements come from
	// all of their places, and not from the first that is there. An attribute of the
	// resource itself that shows what parts made is not counted twice.
	Together []string `yaml:"together"`
	// Rows are lists that the provider has as numbered attributes: with
	// {tunnel: [tunnel1_, tunnel2_]} the place "tunnel[].log" is tunnel1_log and tunnel2_log.
	Rows map[string][]string `yaml:"rows"`
	// JSON are attributes that hold a list or an object as JSON text. Places enter them as if
	// they were blocks: "container_definitions[].user".
	JSON []string `yaml:"json"`
	// Computed are values that package collect makes of the resource's attributes, where places cannot
	// say it: which rules have a block that holds nothing. Places name them as if they were attributes.
	Computed []string `yaml:"computed"`
}

// TerraformPart is a side resource, such as aws_s3_bucket_versioning.
type TerraformPart struct {
	Resource string `yaml:"resource"`
	// Link is the attribute that names the parent: "bucket". Several, by dots and
	// [] as in the paths of facts, where the parent stands in a block.
	Link string `yaml:"link"`
	// Names is the attribute of the parent that Link holds, "id" when empty; any of
	// the parent's id, ARN and Names is taken.
	Names string `yaml:"names"`
	// As is what the places of facts call the part, Resource when empty. One type may be
	// several parts, told apart by When.
	As string `yaml:"as"`
	// When is an attribute with a value that a resource must have to be the part:
	// "type=ingress". Empty: each is.
	When string `yaml:"when"`
}

// Name is what the places of facts call the part.
func (p *TerraformPart) Name() string {
	if p.As != "" {
		return p.As
	}
	return p.Resource
}

// TerraformLive marks a fact that no plan can decide: it is deferred to live.
const TerraformLive = "live"

// TerraformNone marks a fact that resources of the provider's type never have: it is absent.
const TerraformNone = "none"

// TerraformPath says where a plan keeps a fact. In a definition it is a text, or an
// object when values have to be translated.
//
//	block.attribute            of the resource itself; a block may be a list of one
//	                           or an object, both are entered
//	block[].attribute          each element; as many [] as the fact's path has
//	tags{}.@key tags{}.@value  entries of a map
//	@[].attribute              of the resource itself, as the one element of a list
//	block[].=value             a constant in each element of that list
//	block.=value               a constant where that block is there, and leaves the attribute out
//	aws_x_part:attribute       of the one part of that type
//	aws_x_part[]:attribute     of each part of that type, in order of address; a part that
//	                           has a name of its own (see [TerraformPart]) is called by it
//	aws_x:attribute            where several types make it, of that one
//	=value                     a constant: every such resource has it
//	new=value                  what the service gives a resource that is made; of one that
//	                           exists already only AWS knows it (see live), unless the plan
//	                           takes the part away that set it: it is absent then
//	reset=value                the same, and the resource goes back to it when the plan takes the
//	                           part away that set it
//	aws_x_part:=value          a constant where there is a part of that type
//	none                       no such resource has it: it is absent
//	live                       not to be had from a plan
//	aws_x:none aws_x:=value    where several types make it: of that one
//	block.attribute@masked     whether a text at the path or below it looks like a secret
//
// A constant of a path with [] makes a list of one element.
type TerraformPath struct {
	At string `yaml:"at"`
	// Values translates what the provider says into what CloudFormation says:
	// {"true": "Enabled"}. A value that is not in it stays as it is. "$id" stands for
	// the id of the resource that is judged, "" for a fact that is absent then. A list stands for several texts; where there is
	// one, what is not in Values only the live resource says.
	Values map[string]Value `yaml:"values"`
}

// TerraformPaths are the places of a fact, in order of preference. A place of a part
// decides when the part is there; one that the plan deletes is not there any more. An
// attribute of the resource itself decides when it is set, or is unknown because of what it
// refers to; one that is not set leaves it to the next place. After the last one the
// fact is absent, and its definition says what that means.
type TerraformPaths []TerraformPath

// UnmarshalYAML takes a text, an object, or a list of both.
func (p *TerraformPaths) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if unmarshal(&text) == nil {
		*p = TerraformPaths{{At: text}}
		return nil
	}
	var list []terraformPathText
	if err := unmarshal(&list); err == nil {
		for _, e := range list {
			*p = append(*p, TerraformPath(e))
		}
		return nil
	}
	var one terraformPathText
	if err := unmarshal(&one); err != nil {
		return fmt.Errorf("terraform: want a path, an object with at and values, or a list of these: %w", err)
	}
	*p = TerraformPaths{TerraformPath(one)}
	return nil
}

// terraformPathText is a TerraformPath that may be written as a text.
type terraformPathText TerraformPath

// UnmarshalYAML takes a text or an object.
func (p *terraformPathText) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if unmarshal(&text) == nil {
		p.At = text
		return nil
	}
	type plain struct {
		At     string           `yaml:"at"`
		Values map[string]Value `yaml:"values"`
	}
	var o plain
	if err := unmarshal(&o); err != nil {
		return err
	}
	p.At, p.Values = o.At, o.Values
	return nil
}

// TemplateSource says how a CloudFormation template makes resources of a
// [Definition]'s type, where the paths of its facts do not say it.
type TemplateSource struct {
	// Ref is the property whose value Ref gives: the one of the type's primary
	// identifier. Empty where Ref gives something else, or it is of no use.
	Ref string `yaml:"ref"`
	// ID is the property that holds what $id stands for; what Ref gives when empty.
	ID string `yaml:"id"`
	// ARN is a template of properties: "arn:${partition}:s3:::${BucketName}", where
	// partition, region and account are those of the stack. Empty: what
	// Fn::GetAtt Arn gives; "-": the type has none.
	ARN string `yaml:"arn"`
	// Names are further properties by which other resources name it.
	Names []string `yaml:"names"`
	// Parts maps the types that facts name with "cloudformation: Type#Path" to the
	// property that names the parent: {"AWS::S3::BucketPolicy": "Bucket"}.
	Parts map[string]string `yaml:"parts"`
	// Computed are values that package collect makes of the resource's properties, of those that the
	// Terraform source names: the facts of which they are the place have them in templates too.
	Computed []string `yaml:"computed"`
}

// Origin says where a resource that is planned, or written down, stands.
type Origin struct {
	// Kind is the source: "plan", "state", "configuration" or "template".
	Kind string `json:"kind"`
	// Address is the Terraform address, or the template and logical id.
	Address string `json:"address"`
	// Action is what the plan does: create, update, replace, delete, no-op; empty elsewhere.
	Action string `json:"action,omitempty"`
	// File and Line of the definition, relative to what was read; empty and 0 when not known.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Module is the address of the module call, ModuleFile and ModuleLine where it stands;
	// of a template the path of the CDK's construct, or the address of the nested stack.
	Module     string `json:"module,omitempty"`
	ModuleFile string `json:"module_file,omitempty"`
	ModuleLine int    `json:"module_line,omitempty"`
}

// Reference names a resource of the same inventory.
type Reference struct {
	Type    string `json:"type"`
	Account string `json:"account"`
	Region  string `json:"region"`
	ID      string `json:"id"`
}

// Key is that of the resource named.
func (r *Reference) Key() string {
	return r.Account + "/" + r.Region + "/" + r.Type + "/" + r.ID
}

// PlannedARNPrefix begins what [PlannedARN] gives.
const PlannedARNPrefix = "arn:aws:s3:::assize-planned-"

// PlannedARN stands for the ARN of a planned resource that is known only after apply,
// within one inventory: in [Resource.ARN] and in policy documents, where a suffix such as
// "/*" may follow. It is never shown. It has the shape of a bucket's ARN so that policies
// can be evaluated with it; no bucket can have the name, since names hold no %. What means
// something in patterns or ends a name is escaped, and different addresses give different
// texts, of which none is the start of another.
func PlannedARN(address string) string {
	var b strings.Builder
	b.WriteString(PlannedARNPrefix)
	for i := range len(address) {
		c := address[i]
		if c == '.' || c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	b.WriteString(plannedEnd)
	return b.String()
}

// plannedEnd ends what [PlannedARN] gives, and stands nowhere else in it.
const plannedEnd = "%%"

// CutPlannedARN splits a text that begins with what [PlannedARN] gives into that and
// what follows it; ok is false for any other text.
func CutPlannedARN(text string) (arn, rest string, ok bool) {
	if !strings.HasPrefix(text, PlannedARNPrefix) {
		return "", "", false
	}
	before, rest, ok := strings.Cut(text, plannedEnd)
	if !ok {
		return "", "", false
	}
	return text[:len(before)+len(plannedEnd)], rest, true
}
