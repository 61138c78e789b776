import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hclText } from '../../../source/files/export/hcl.ts';
import { exportTerraform } from '../../../source/files/export/terraform.ts';
import { associations, cluster } from './facts.ts';

const text = exportTerraform(cluster, associations);
const blockOf = (name: string): string =>
  /^resource .*?\n\}$/ms.exec(text.slice(text.indexOf(`resource "aws_eks_pod_identity_association" "${name}"`)))?.[0] ??
  '';

describe('Terraform of what is there', () => {
  it('gives each association a name of its own, and imports it by cluster and id', () => {
    const imports = [
      ...text.matchAll(/^import \{\n {2}to = aws_eks_pod_identity_association\.(\S+)\n {2}id = (".*")\n\}$/gm),
    ];
    expect(imports.map(([, name, id]) => [name, id])).toEqual([
      ['_0_api', '"production,a-4"'],
      ['web_front_end', '"production,a-2"'],
      ['web_front_end_3', '"production,a-1"'],
      ['web_front_end_2', '"production,a-6"'],
    ]);
    const resources = [...text.matchAll(/^resource "aws_eks_pod_identity_association" "(.+)" \{$/gm)];
    expect(resources.map(([, name]) => name)).toEqual(imports.map(([, name]) => name));
  });

  it('writes every argument that the association has, and none that it has not', () => {
    expect(blockOf('_0_api')).toBe(`resource "aws_eks_pod_identity_association" "_0_api" {
  cluster_name    = "production"
  namespace       = "0"
  service_account = "api"
  role_arn        = "arn:aws:iam::111122223333:role/one"
}`);
    expect(blockOf('web_front_end')).toBe(`resource "aws_eks_pod_identity_association" "web_front_end" {
  cluster_name         = "production"
  namespace            = "web"
  service_account      = "front.end"
  role_arn             = "arn:aws:iam::111122223333:role/web/front"
  target_role_arn      = "arn:aws:iam::444455556666:role/target"
  disable_session_tags = true
  policy               = "{\\n  \\"Statement\\": [\\"it's $\${here}\\", \\"%%{if}\\", \\"\\\\\\\\\\"]\\n}"

  tags = {
    "a"    = ""
    "b"    = "\\"quoted\\""
    "team" = "50% of $\${x}"
  }
}`);
  });

  it('leaves out what add-ons own, and says so', () => {
    expect(text).toContain('# Left out, because the add-on vpc-cni owns it: kube-system/aws-node.');
    expect(text).toContain('# Left out, because the add-on aws-ebs-csi-driver owns it: kube-system/ebs.');
    expect(text).not.toContain(':role/cni');
  });

  it('says which provider knows the policy, where one is there', () => {
    expect(text).toContain('6.57.1');
    expect(exportTerraform(cluster, associations.slice(1))).not.toContain('6.57.1');
  });

  it('is the same in any order of the facts', () => {
    expect(exportTerraform(cluster, associations.toReversed())).toBe(text);
  });

  it('keeps no control character in comments', () => {
    const owned = associations.map(one => (one.ownerArn ? { ...one, serviceAccount: 'x\u001b[2J\nresource' } : one));
    expect(exportTerraform({ ...cluster, name: 'a\nb' }, owned)).not.toMatch(/\u001b|^resource\.$|^b in/m);
  });
});

/** What Terraform makes of a quoted text (its documentation, "Strings and Templates"), as far as we write it. */
function unquoted(quotedText: string): string {
  const marks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return quotedText
    .slice(1, -1)
    .replace(/\\u([0-9a-f]{4})|\\(.)|\$\$\{|%%\{|[$%]\{|["\n]/g, (found, code?: string, mark?: string) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (mark !== undefined) return marks[mark] ?? expect.unreachable(`\\${mark}`);
      return found.length === 3 ? found.slice(1) : expect.unreachable(`${found} would be a template`);
    });
}

describe('a text in Terraform', () => {
  it('means what it did, and is never a template', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('$', '%', '{', '}', '"', '\\', '\n', '\u0007'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const plain = pieces.join('');
        expect(unquoted(hclText(plain))).toBe(plain);
      }),
      { numRuns: 200 },
    );
  });
});
