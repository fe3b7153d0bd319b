"""Every route of the API, in the order of its document."""

from gateway.api.about import fetch_specification, show_api_info, show_reference_page, show_token
from gateway.api.arranging import (
    acknowledge_case,
    link_case,
    mark_case,
    merge_case,
    part_case,
    search_cases,
    sort_case,
    unmerge_case,
)
from gateway.api.cases import list_cases, list_events, list_messages, list_notes, show_case
from gateway.api.decisions import (
    accept_case,
    answer_case,
    close_case,
    move_case,
    note_case,
    number_case,
    release_case,
    return_case,
    take_case,
)
from gateway.api.downloads import fetch_file, fetch_message_original, fetch_original
from gateway.api.register import register_case

API_ROUTES = (
    show_api_info,
    show_token,
    fetch_specification,
    show_reference_page,
    list_cases,
    search_cases,
    register_case,
    show_case,
    list_messages,
    list_events,
    list_notes,
    fetch_file,
    fetch_original,
    fetch_message_original,
    accept_case,
    take_case,
    release_case,
    return_case,
    move_case,
    answer_case,
    close_case,
    number_case,
    sort_case,
    mark_case,
    acknowledge_case,
    link_case,
    merge_case,
    unmerge_case,
    part_case,
    note_case,
)
