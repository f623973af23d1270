#include "synth/district.h"

#include "synth/line.h"
#include "synth/record.h"
#include "synth/truth.h"

void synth_district_headers(struct synth_files *files)
{
    fputs("ref,id_no,name,sex,birth_date,hukou_division,residence_division,residence_since,address,"
          "phone,"
          "household\n",
          files->open[SYNTH_FILE_PEOPLE]);
    fputs("child_ref,person_ref,relation,from,to\n", files->open[SYNTH_FILE_RELATIONS]);
    fputs(SYNTH_RECORDS_HEADER, files->open[SYNTH_FILE_RECORDS]);
    fputs("account,name,role,division,department,team,phone\n", files->open[SYNTH_FILE_ACCOUNTS]);
    fputs("child_ref,category,status,since,until\n", files->open[SYNTH_FILE_TRUTH]);
}

static void write_address(struct synth_line *l, const struct synth_person *p)
{
    char address[256];

    if (p->room)
        snprintf(address, sizeof(address), "%s%u号%u室", p->residence->address, p->house, p->room);
    else
        snprintf(address, sizeof(address), "%s%u号", p->residence->address, p->house);
    synth_line_cell(l, address);
}

static void write_person(const struct synth_person *p, FILE *f)
{
    const char sex[2] = {p->sex, 0};
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_ref(&l, 'P', p->number);
    synth_line_cell(&l, p->id);
    synth_line_cell(&l, p->name);
    synth_line_cell(&l, sex);
    synth_line_day(&l, p->birth);
    synth_line_cell(&l, p->hukou ? p->hukou->code : "");
    synth_line_cell(&l, p->residence->code);
    synth_line_day(&l, p->since);
    write_address(&l, p);
    synth_line_cell(&l, p->phone);
    if (p->household)
        synth_line_ref(&l, 'H', p->household);
    else
        synth_line_cell(&l, "");
    synth_line_write(&l, f);
}

void synth_district_institution(struct synth_maker *m, struct synth_files *files)
{
    struct synth_person p = {.birth = SYNTH_NO_DAY, .since = SYNTH_NO_DAY, .house = 1};

    p.number = m->people++;
    p.residence = m->places->villages[0];
    snprintf(p.name, sizeof(p.name), "%s儿童福利院", m->places->county->name);
    synth_identity_phone(p.number, p.phone);
    write_person(&p, files->open[SYNTH_FILE_PEOPLE]);
}

static void write_kin(const struct synth_family *f, const struct synth_kin *k, FILE *out)
{
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_ref(&l, 'P', f->people[k->child].number);
    synth_line_ref(&l, 'P', k->person == SYNTH_THE_INSTITUTION ? 0 : f->people[k->person].number);
    synth_line_cell(&l, synth_relations[k->relation]);
    synth_line_day(&l, k->from);
    synth_line_day(&l, k->to);
    synth_line_write(&l, out);
}

static void write_verdict(const struct synth_person *child, const struct synth_verdict *v,
                          FILE *out)
{
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_ref(&l, 'P', child->number);
    synth_line_cell(&l, synth_categories[v->category]);
    synth_line_cell(&l, v->status == SYNTH_HOLDS ? "holds" : "review");
    synth_line_day(&l, v->during.from);
    synth_line_day(&l, v->during.to);
    synth_line_write(&l, out);
}

void synth_district_family(const struct synth_family *f, day as_of, struct synth_files *files,
                           struct synth_totals *totals)
{
    struct synth_verdict verdicts[SYNTH_CATEGORY_COUNT];

    for (int i = 0; i < f->people_count; i++) {
        int n = synth_truth_verdicts(f, i, as_of, verdicts);
        write_person(&f->people[i], files->open[SYNTH_FILE_PEOPLE]);
        for (int j = 0; j < n; j++) {
            write_verdict(&f->people[i], &verdicts[j], files->open[SYNTH_FILE_TRUTH]);
            totals->holds += verdicts[j].status == SYNTH_HOLDS;
            totals->review += verdicts[j].status == SYNTH_REVIEW;
        }
    }
    for (int i = 0; i < f->kin_count; i++)
        write_kin(f, &f->kin[i], files->open[SYNTH_FILE_RELATIONS]);
    totals->families++;
    totals->children += (uint64_t)f->minors_count;
    totals->people += (uint64_t)f->people_count;
    totals->relations += (uint64_t)f->kin_count;
}

static void write_account(struct synth_random *r, const struct synth_place *place, const char *role,
                          uint64_t number, FILE *out)
{
    char account[16], name[SYNTH_NAME_MAX], phone[SYNTH_PHONE_MAX];
    char sex = synth_random_chance(r, 0.75) ? 'F' : 'M';
    struct synth_line l;

    snprintf(account, sizeof(account), "%c%s", role[0], place->code);
    synth_names_make(r, SYNTH_HAN, synth_names_surname(r), sex, NULL, name);
    synth_identity_phone(number, phone);
    synth_line_begin(&l);
    synth_line_cell(&l, account);
    synth_line_cell(&l, name);
    synth_line_cell(&l, role);
    synth_line_cell(&l, place->code);
    synth_line_cell(&l, "");
    synth_line_cell(&l, "");
    synth_line_cell(&l, phone);
    synth_line_write(&l, out);
}

void synth_district_accounts(const struct synth_places *p, uint64_t seed, FILE *out,
                             struct synth_totals *totals)
{
    struct synth_random r;
    uint64_t number = 90000000; /* telephone numbers far from those of the people */

    synth_random_seed(&r, seed, UINT64_MAX - 1);
    for (size_t i = 0; i < p->villages_count; i++)
        write_account(&r, p->villages[i], "child_director", number++, out);
    for (size_t i = 0; i < p->count; i++)
        if (p->all[i].level == SYNTH_TOWN && synth_place_within(&p->all[i], p->county))
            write_account(&r, &p->all[i], "supervisor", number++, out);
    totals->accounts = number - 90000000;
}

static void write_counts(const struct synth_totals *t, FILE *out)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"families", t->families},     {"children", t->children},   {"people", t->people},
        {"relations", t->relations},   {"accounts", t->accounts},   {"records", t->records},
        {"duplicates", t->duplicates}, {"changes", t->changes},     {"withdrawals", t->withdrawals},
        {"unlinked", t->unlinked},     {"malformed", t->malformed}, {"truth_holds", t->holds},
        {"truth_review", t->review},
    };
    size_t n = sizeof(counts) / sizeof(counts[0]);

    fputs("  \"counts\": {\n", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "    \"%s\": %llu%s\n", counts[i].name, (unsigned long long)counts[i].count,
                i + 1 < n ? "," : "");
    fputs("  },\n", out);
}

void synth_district_manifest(const struct synth_options *o, const struct synth_totals *t, FILE *out)
{
    char date[DAY_TEXT];

    fprintf(out, "{\n  \"synthetic\": true,\n  \"options\": {\n    \"children\": %llu,\n",
            (unsigned long long)o->children);
    fprintf(out, "    \"seed\": %llu,\n    \"as_of\": \"%s\",\n    \"county\": \"%s\",\n",
            (unsigned long long)o->seed, day_format(o->as_of, date), o->county);
    fprintf(out, "    \"records_per_child\": %g,\n    \"misfortune\": %g\n  },\n",
            o->records_per_child, o->misfortune);
    write_counts(t, out);
    fputs("  \"rates\": [\n", out);
    for (int i = 0; i < SYNTH_RATE_COUNT; i++)
        fprintf(out,
                "    {\"name\": \"%s\", \"rate\": %g, \"per\": \"%s\", \"source\": \"%s\"}%s\n",
                synth_rates[i].name, synth_rates[i].rate, synth_rates[i].per, synth_rates[i].source,
                i + 1 < SYNTH_RATE_COUNT ? "," : "");
    fputs("  ]\n}\n", out);
}
