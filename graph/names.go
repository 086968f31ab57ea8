package graph

import "strings"

const (
	bucketType = "AWS::S3::Bucket"
	modelType  = "AWS::Bedrock::FoundationModel"
	logsType   = "AWS::Logs::LogGroup"
)

// location is the account and Region that a reference points to.
type location struct{ account, region string }

// locate takes account and Region from an ARN, and those of the referring
// resource where the ARN leaves them empty or ref is no ARN.
func locate(ref, account, region string) location {
	at := location{account, region}
	if parts := strings.SplitN(ref, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		if parts[3] != "" {
			at.region = parts[3]
		}
		if parts[4] != "" && parts[4] != "aws" {
			at.account = parts[4]
		}
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
