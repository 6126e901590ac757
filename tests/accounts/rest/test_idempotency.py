"""promises.md B15, B16: a key is done once, whoever sends it how often at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from accounts.rest.models import KeptAnswer
from accounts.rest.tasks import sweep
from kvi.models import GoalReview
from tests.factories.accounts import make_customer, make_user
from tests.factories.kvi import make_goal
from tests.factories.rest import JSON, bearer, make_token


class Caller:
    def __init__(self, user=None):
        self.user = user or make_user(Role.ADMIN)
        self.headers = bearer(make_token(self.user))

    def review(self, goal, key, **body):
        """An operation that is not idempotent by itself: each effect is a row."""
        return Client().post(
            f"/api/v1/goals/{goal.public_id}/review/",
            {"still_valid": True, **body},
            content_type=JSON,
            headers={**self.headers, **({"Idempotency-Key": key} if key else {})},
        )


@pytest.mark.django_db
class TestOneKey:
    def test_sent_again_gives_the_same_answer_and_no_second_effect(self):
        caller, goal = Caller(), make_goal()
        first, second = (caller.review(goal, "k-1") for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200)
        assert (second.content, second["ETag"]) == (first.content, first["ETag"])
        assert second["Idempotency-Replayed"] == "true"
        assert GoalReview.objects.count() == 1

    def test_without_a_key_each_request_counts(self):
        caller, goal = Caller(), make_goal()
        for _ in range(2):
            caller.review(goal, None)
        assert GoalReview.objects.count() == 2

    def test_with_another_body_or_path_is_422(self):
        caller, goal = Caller(), make_goal()
        caller.review(goal, "k-1")
        for answer in (caller.review(goal, "k-1", note="x"), caller.review(make_goal(), "k-1")):
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "idempotency_key_reused")
        assert GoalReview.objects.count() == 1

    def test_of_another_caller_has_its_own_effect(self):
        goal = make_goal()
        assert [Caller().review(goal, "k-1").status_code for _ in range(2)] == [200, 200]
        assert GoalReview.objects.count() == 2

    def test_that_was_refused_can_be_used_for_the_corrected_request(self):
        caller, goal = Caller(), make_goal()
        assert caller.review(goal, "k-1", still_valid="maybe").status_code == 400
        assert KeptAnswer.objects.count() == 0
        assert caller.review(goal, "k-1").status_code == 200

    def test_of_a_create_gives_the_same_place(self):
        caller = Caller()
        body = {"customer": str(make_customer().public_id), "name": "Goal", "start_date": "2026-01-01"}
        headers = {**caller.headers, "Idempotency-Key": "k-1"}
        answers = [Client().post("/api/v1/goals/", body, content_type=JSON, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert len({answer["Location"] for answer in answers}) == 1

    @pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 256])
    def test_must_be_visible_ascii(self, key):
        answer = Caller().review(make_goal(), key or " ")
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "Idempotency-Key")

    def test_is_kept_for_a_day(self):
        caller, goal = Caller(), make_goal()
        caller.review(goal, "young")
        caller.review(goal, "old")
        KeptAnswer.objects.filter(key="old").update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
        assert sweep() == 1
        assert [row.key for row in KeptAnswer.objects.all()] == ["young"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("key", "effects"), [("k-1", 1), (None, 15)])
def test_fifteen_at_once_are_one_effect(key, effects):
    """The twin without a key shows that fifteen really arrive."""
    caller, goal = Caller(), make_goal()

    def send(_number):
        try:
            return caller.review(goal, key).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(15) as pool:
        statuses = list(pool.map(send, range(15)))
    assert set(statuses) == {200}
    assert GoalReview.objects.filter(goal=goal).count() == effects
