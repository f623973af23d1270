/* What comes out about children: masked by the table, of the scope only, and with a trace. */
#include "house.h"

/* ---- children ---- */

static void children_of_the_scope_are_masked(void **state)
{
    struct house h;

    house_open(&h, state);
    house_read_names(&h);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "worker");
    int64_t rows = scene_count(h.s, "SELECT count(*) FROM audit");
    OK(h.s, house_send(&h, "GET /api/v1/children?limit=10", NULL));
    assert_non_null(strstr(house_text(&h), "\"name\":\"欧阳**\""));
    assert_null(strstr(house_text(&h), "小明"));
    assert_null(strstr(house_text(&h), "诸葛"));
    assert_null(strstr(house_text(&h), "大山")); /* a grown-up is no child */
    assert_int_equal(scene_count(h.s, "SELECT count(*) FROM audit"), rows + 1);

    int64_t mine = scene_person(h.s, "c1"), other = scene_person(h.s, "c2");
    static const char *const parts[] = {"", "/kin", "/facts", "/categories", "/assignments"};
    for (size_t i = 0; i < 5; i++) {
        OK(h.s,
           house_send(
               &h, arena_printf(&h.arena, "GET /api/v1/children/%lld%s", (long long)mine, parts[i]),
               NULL));
        assert_null(strstr(house_text(&h), "小明"));
        assert_null(strstr(house_text(&h), "大山"));
        assert_null(strstr(house_text(&h), "5号"));
        assert_int_equal(house_send(&h,
                                    arena_printf(&h.arena, "GET /api/v1/children/%lld%s",
                                                 (long long)other, parts[i]),
                                    NULL),
                         -ERR_NOT_FOUND);
        assert_int_equal(
            house_send(&h, arena_printf(&h.arena, "GET /api/v1/children/4711%s", parts[i]), NULL),
            -ERR_NOT_FOUND);
    }
    house_close(&h);
}

static void search_stays_in_the_scope(void **state)
{
    struct house h;

    house_open(&h, state);
    house_read_names(&h);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "worker");
    OK(h.s, house_send(&h, "POST /api/v1/children/search", "{\"q\":\"ouyang\"}"));
    assert_non_null(strstr(house_text(&h), "\"name\":\"欧阳**\""));
    OK(h.s, house_send(&h, "POST /api/v1/children/search", "{\"q\":\"zhuge\"}"));
    assert_string_equal(house_text(&h), "{\"items\":[],\"more\":false}");
    house_close(&h);
}

static void an_opening_shows_and_leaves_a_trace(void **state)
{
    struct house h;

    house_open(&h, state);
    house_read_names(&h);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "worker");
    const char *child = arena_printf(&h.arena, "%lld", (long long)scene_person(h.s, "c1"));
    const char *ask = arena_printf(&h.arena, "POST /api/v1/children/%s/openings", child);

    assert_int_equal(
        house_send(&h, ask,
                   "{\"purpose\":\"emergency\",\"classes\":[\"nonsense\"],\"reason\":\"x\"}"),
        -ERR_SCHEMA);
    assert_string_equal(h.r.faults.list[0].pointer, "/classes/0");
    assert_int_equal(house_send(&h, ask, "{\"purpose\":\"visit\",\"classes\":[\"name\"]}"),
                     -ERR_FORBIDDEN);
    OK(h.s, house_send(&h, ask,
                       "{\"purpose\":\"emergency\",\"classes\":[\"name\"],\"reason\":\"danger\"}"));
    assert_int_equal(h.r.status, 201);
    assert_non_null(strstr(house_text(&h), "\"state\":\"open\""));
    OK(h.s, house_send(&h, arena_printf(&h.arena, "GET /api/v1/children/%s", child), NULL));
    assert_non_null(strstr(house_text(&h), "欧阳小明"));
    assert_null(strstr(house_text(&h), "5号"));
    OK(h.s, house_send(&h, "GET /api/v1/openings?state=own", NULL));
    assert_non_null(strstr(house_text(&h), "\"purpose\":\"emergency\""));

    house_add_account(&h, "head", ROLE_SUPERVISOR, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "head");
    OK(h.s, house_send(&h, arena_printf(&h.arena, "GET /api/v1/children/%s/trace", child), NULL));
    assert_non_null(strstr(house_text(&h), "\"reason\":\"danger\""));
    OK(h.s, house_send(&h, "GET /api/v1/openings?state=to_review", NULL));
    const char *id = house_member(&h, "id");
    OK(h.s, house_send(&h, arena_printf(&h.arena, "POST /api/v1/openings/%s/review", id),
                       "{\"justified\":true}"));
    assert_non_null(strstr(house_text(&h), "\"justified\":true"));

    house_add_account(&h, "far", ROLE_SUPERVISOR, OTHER_COUNTY, false);
    house_sign_in(&h, "far");
    assert_int_equal(house_send(&h, arena_printf(&h.arena, "GET /api/v1/openings/%s", id), NULL),
                     -ERR_NOT_FOUND);
    assert_int_equal(
        house_send(&h, arena_printf(&h.arena, "GET /api/v1/children/%s/trace", child), NULL),
        -ERR_NOT_FOUND);
    house_close(&h);
}

/* A liaison of whose department nobody speaks of the child does not learn that there is one. */
static void a_liaison_sees_its_own_cases_only(void **state)
{
    struct house h;

    house_open(&h, state);
    house_add_account(&h, "school", ROLE_DEPARTMENT_LIAISON, VILLAGE / 1000000 * 1000000, false);
    house_sign_in(&h, "school");
    OK(h.s, house_send(&h, "GET /api/v1/children", NULL));
    assert_string_equal(house_text(&h), "{\"items\":[],\"next\":null}");
    assert_int_equal(house_send(&h,
                                arena_printf(&h.arena, "GET /api/v1/children/%lld",
                                             (long long)scene_person(h.s, "c1")),
                                NULL),
                     -ERR_NOT_FOUND);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(children_of_the_scope_are_masked),
        EACH(search_stays_in_the_scope),
        EACH(a_liaison_sees_its_own_cases_only),
        EACH(an_opening_shows_and_leaves_a_trace),
    };
    return cmocka_run_group_tests_name("server_children", tests, NULL, NULL);
}
