package graph

import (
	"regexp"
	"strings"

	"github.com/assize-dev/assize"
)

const (
	bucketType     = "AWS::S3::Bucket"
	functionType   = "AWS::Lambda::Function"
	repositoryType = "AWS::ECR::Repository"
	userPoolType   = "AWS::Cognito::UserPool"
	modelType      = "AWS::Bedrock::FoundationModel"
	logsType       = "AWS::Logs::LogGroup"
	balancerType   = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	reasoningType  = "AWS::Bedrock::AutomatedReasoningPolicy"
)

// several stands in an index where more than one planned resource has a name: which one
// is meant is then not known.
var several = &assize.Resource{}

// indexNames files a resource under its further names, after all ids: an id is never
// hidden by a name. A bucket is also found by the name that stands in its ARN.
func (g *Graph) indexNames(r *assize.Resource) {
	at := place{r.Type, r.Account, r.Region}
	ids := g.byID[at]
	if d := g.defs[r.Type]; r.Origin != nil && d != nil && d.Global && r.Region != assize.Global {
		at.region = assize.Global
		if ids = g.byID[at]; ids == nil {
			ids = map[string]*assize.Resource{}
			g.byID[at] = ids
		}
		name(ids, r.ID, r)
	}
	for _, n := range r.Names {
		name(ids, n, r)
	}
	if r.Type != bucketType || r.Origin == nil {
		return
	}
	name(g.byBucket, bucketName(r.ARN), r)
	for _, n := range r.Names {
		name(g.byBucket, bucketName(n), r)
	}
}

func name(index map[string]*assize.Resource, n string, r *assize.Resource) {
	switch old := index[n]; {
	case n == "" || old == r || old != nil && old.ID == n:
	case old == nil:
		index[n] = r
	default:
		index[n] = several
	}
}

// one is the answer of an index.
func one(r *assize.Resource, typ, ref string) (*assize.Resource, *assize.Unknown) {
	if r == several {
		return nil, &assize.Unknown{Cause: assize.Unlinked, Detail: "more than one planned " + typ + " is named " + ref}
	}
	return r, nil
}

// location is the account and Region that a reference points to.
type location struct{ account, region string }

// locate takes account and Region from an ARN, and those of the referring
// resource where the ARN leaves them empty or ref is no ARN. The name of a load balancer
// holds its Region.
func locate(ref, account, region string) location {
	at := location{account, region}
	if parts := strings.SplitN(ref, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		if parts[3] != "" {
			at.region = parts[3]
		}
		if parts[4] != "" && parts[4] != "aws" {
			at.account = parts[4]
		}
		return at
	}
	if m := balancerHost.FindStringSubmatch(ref); m != nil {
		at.region = m[1] + m[2]
	}
	return at
}

// sharedARN reports whether every account sees the same ARN: AWS managed
// policies and foundation models.
func sharedARN(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && (parts[4] == "aws" || parts[4] == "" && parts[2] == "bedrock")
}

// bucketName takes the bucket's name out of a name, an ARN (arn:aws:s3:::name/key)
// or a URI (s3://name/key, https://name.s3.region.amazonaws.com/key).
func bucketName(ref string) string {
	switch {
	case strings.HasPrefix(ref, "s3://"):
		ref = ref[len("s3://"):]
	case strings.HasPrefix(ref, "arn:"):
		ref = ref[strings.LastIndexByte(ref, ':')+1:]
	case strings.HasPrefix(ref, "https://"):
		return bucketOfURL(ref[len("https://"):])
	}
	name, _, _ := strings.Cut(ref, "/")
	return name
}

// BucketName is the name of the bucket that a name, an ARN or a URI stands for; empty
// when it is none of S3.
func BucketName(ref string) string { return bucketName(ref) }

// bucketOfURL knows the virtual-hosted and the path style of S3 URLs.
func bucketOfURL(rest string) string {
	host, path, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") {
		name, _, _ := strings.Cut(path, "/")
		return name
	}
	if i := strings.Index(host, ".s3"); i > 0 {
		return host[:i]
	}
	return ""
}

// imageURI is the address of an image in a private registry of ECR: account, Region,
// repository.
var imageURI = regexp.MustCompile(`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+/([^:@]+)`)

// poolIssuer is where a user pool is named as an issuer of tokens: Region, pool.
var poolIssuer = regexp.MustCompile(`^(?:https://)?cognito-idp\.([a-z0-9-]+)\.[a-z.]+/([\w-]+)`)

// canonical turns the ways in which other services write a reference into the ARN:
// the URI of an image, the issuer of a user pool, a function with a version or within
// the integration of an API, a version of an automated reasoning policy. Whatever else it is given comes back as it is.
func canonical(typ, ref, account string) string {
	switch typ {
	case repositoryType:
		if m := imageURI.FindStringSubmatch(ref); m != nil {
			return "arn:" + assize.Partition(m[2]) + ":ecr:" + m[2] + ":" + m[1] + ":repository/" + m[3]
		}
	case userPoolType:
		if m := poolIssuer.FindStringSubmatch(ref); m != nil {
			return "arn:" + assize.Partition(m[1]) + ":cognito-idp:" + m[1] + ":" + account + ":userpool/" + m[2]
		}
	case functionType:
		return functionARN(ref)
	case reasoningType:
		return withoutVersion(ref)
	case balancerType:
		if !strings.HasPrefix(ref, "arn:") {
			return strings.TrimPrefix(strings.ToLower(ref), "dualstack.")
		}
	}
	return ref
}

// balancerHost is the DNS name of a load balancer. It holds the Region, before the name of
// the service or behind it.
var balancerHost = regexp.MustCompile(`\.(?:elb\.([a-z0-9-]+)|([a-z0-9-]+)\.elb)\.amazonaws\.com(?:\.cn)?$`)

// functionARN takes a function's ARN out of the address of an integration, and version
// or alias off it.
func functionARN(ref string) string {
	if _, inner, ok := strings.Cut(ref, "/functions/arn:"); ok {
		ref = "arn:" + strings.TrimSuffix(inner, "/invocations")
	}
	parts := strings.SplitN(ref, ":", 8)
	if len(parts) == 8 && parts[0] == "arn" && parts[5] == "function" {
		return strings.Join(parts[:7], ":")
	}
	return ref
}

// withoutVersion takes the number of a version off the ARN of an automated reasoning policy.
func withoutVersion(ref string) string {
	parts := strings.SplitN(ref, ":", 7)
	if len(parts) == 7 && parts[0] == "arn" {
		return strings.Join(parts[:6], ":")
	}
	return ref
}

// elsewhere tells a reference that names something outside AWS, which no list of the
// type could hold: the issuer of tokens of another identity provider, an image of another registry.
func elsewhere(typ, ref string) bool {
	switch typ {
	case userPoolType:
		return strings.Contains(ref, "://")
	case repositoryType:
		return !strings.HasPrefix(ref, "arn:") && strings.ContainsAny(ref, ":@.") && strings.Contains(ref, "/")
	}
	return false
}

// candidates lists the ids that ref may mean for a type, most exact first.
func candidates(typ, ref string) []string {
	ids := []string{ref}
	if strings.HasPrefix(ref, "arn:") {
		parts := strings.SplitN(ref, ":", 6)
		if len(parts) == 6 {
			ids = append(ids, resourceNames(parts[5])...)
		}
	}
	switch typ {
	case logsType:
		for _, id := range ids {
			ids = append(ids, strings.TrimSuffix(id, ":*"))
		}
	case modelType:
		for _, id := range ids {
			ids = append(ids, withoutGeography(id))
		}
	}
	return ids
}

// ModelNames lists the names under which a reference to a foundation model may be
// known: as it is, the names in its ARN, and the model's id without the geography
// of a cross-Region inference profile.
func ModelNames(ref string) []string { return candidates(modelType, ref) }

// resourceNames takes names out of the resource part of an ARN: "role/path/name"
// gives "role/path/name", "path/name", "name"; "log-group:x:*" gives "x:*".
func resourceNames(resource string) []string {
	names := []string{resource}
	if i := strings.IndexAny(resource, ":/"); i >= 0 {
		names = append(names, resource[i+1:])
	}
	if i := strings.LastIndexByte(resource, '/'); i >= 0 {
		names = append(names, resource[i+1:])
	}
	return names
}

// withoutGeography turns the id of a cross-Region inference profile into the id
// of its model: "us.anthropic.claude-x" gives "anthropic.claude-x". The prefixes
// are an open set (us, eu, apac, jp, au, us-gov, global): a part without digits
// before a provider that has a further part.
func withoutGeography(id string) string {
	geo, model, ok := strings.Cut(id, ".")
	if ok && strings.Contains(model, ".") && len(geo) <= 6 && strings.Trim(geo, "abcdefghijklmnopqrstuvwxyz-") == "" {
		return model
	}
	return id
}
