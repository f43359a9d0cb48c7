"""The templates that RoleForge knows by name, a row each.

Checked on 2026-11-23 against what llama.cpp, Hugging Face's chat templates, mistral-common and
FastChat make of the same conversations (`tests/fixtures/templates`).
"""

from roleplay.templates.template import FILLER, Template, Turn


def _im(role: str) -> Turn:
    return Turn(f"<|im_start|>{role}\n", "<|im_end|>\n")


def _header(role: str) -> Turn:
    return Turn(f"<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>")


def _phi3(role: str) -> Turn:
    return Turn(f"<|{role}|>\n", "<|end|>\n")


def _phi4(role: str) -> Turn:
    return Turn(f"<|im_start|>{role}<|im_sep|>", "<|im_end|>")


def _command(role: str) -> Turn:
    return Turn(f"<|START_OF_TURN_TOKEN|><|{role}_TOKEN|>", "<|END_OF_TURN_TOKEN|>")


def _deepseek(name: str) -> str:
    """Marks with full-width bars, and blocks (U+2581) for spaces."""
    return f"<\uff5c{name}\uff5c>"


def _mistral(
    name: str, user: Turn, assistant: Turn, opening: Turn, *, inside: bool = True
) -> Template:
    """System text in the first user turn, as llama.cpp has it.

    Mistral's own code moves it to the last one since v3. There it would be read anew for every
    reply, because a server's prompt cache holds only what does not change from the beginning on.
    """
    return Template(
        name=name,
        user=user,
        assistant=assistant,
        reply="",
        stops=("</s>",),
        opening=opening,
        opening_inside=inside,
        alternate=True,
        filler=FILLER,
        bos="<s>",
    )


TEMPLATES = (
    Template(
        name="chatml",
        user=_im("user"),
        assistant=_im("assistant"),
        system=_im("system"),
        reply="<|im_start|>assistant\n",
        stops=("<|im_end|>", "<|im_start|>", "<|endoftext|>"),
    ),
    Template(
        name="alpaca",
        user=Turn("### Instruction:\n", "\n\n"),
        assistant=Turn("### Response:\n", "\n\n"),
        opening=Turn("", "\n\n"),
        default_system=(
            "Below is an instruction that describes a task. "
            "Write a response that appropriately completes the request."
        ),
        reply="### Response:\n",
        stops=("### Instruction:", "\n### "),
    ),
    Template(
        name="vicuna",
        user=Turn("USER: ", " "),
        assistant=Turn("ASSISTANT: ", "</s>"),
        opening=Turn("", " "),
        default_system=(
            "A chat between a curious user and an artificial intelligence assistant. The assistant "
            "gives helpful, detailed, and polite answers to the user's questions."
        ),
        reply="ASSISTANT:",
        stops=("</s>", "USER:"),
        bos="<s>",
    ),
    Template(
        name="llama2",
        user=Turn("<s>[INST] ", " [/INST]"),
        assistant=Turn(" ", " </s>"),
        opening=Turn("<<SYS>>\n", "\n<</SYS>>\n\n"),
        opening_inside=True,
        reply="",
        stops=("</s>", "[INST]"),
        alternate=True,
        filler=FILLER,
        trim=True,
        bos="<s>",
    ),
    Template(
        name="llama3",
        user=_header("user"),
        assistant=_header("assistant"),
        system=_header("system"),
        reply="<|start_header_id|>assistant<|end_header_id|>\n\n",
        stops=("<|eot_id|>", "<|end_of_text|>"),
        trim=True,
        bos="<|begin_of_text|>",
    ),
    _mistral("mistral-v1", Turn(" [INST] ", " [/INST]"), Turn(" ", "</s>"), Turn("", "\n\n")),
    _mistral("mistral-v3", Turn("[INST] ", "[/INST]"), Turn(" ", "</s>"), Turn("", "\n\n")),
    _mistral("mistral-v3-tekken", Turn("[INST]", "[/INST]"), Turn("", "</s>"), Turn("", "\n\n")),
    _mistral(
        "mistral-v7",
        Turn("[INST] ", "[/INST]"),
        Turn(" ", "</s>"),
        Turn("[SYSTEM_PROMPT] ", "[/SYSTEM_PROMPT]"),
        inside=False,
    ),
    _mistral(
        "mistral-v7-tekken",
        Turn("[INST]", "[/INST]"),
        Turn("", "</s>"),
        Turn("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"),
        inside=False,
    ),
    Template(
        name="gemma",
        user=Turn("<start_of_turn>user\n", "<end_of_turn>\n"),
        assistant=Turn("<start_of_turn>model\n", "<end_of_turn>\n"),
        opening=Turn("", "\n\n"),
        opening_inside=True,
        reply="<start_of_turn>model\n",
        stops=("<end_of_turn>",),
        alternate=True,
        filler=FILLER,
        trim=True,
        bos="<bos>",
    ),
    Template(
        name="phi3",
        user=_phi3("user"),
        assistant=_phi3("assistant"),
        system=_phi3("system"),
        reply="<|assistant|>\n",
        stops=("<|end|>", "<|endoftext|>"),
        bos="<s>",
    ),
    Template(
        name="phi4",
        user=_phi4("user"),
        assistant=_phi4("assistant"),
        system=_phi4("system"),
        reply="<|im_start|>assistant<|im_sep|>",
        stops=("<|im_end|>",),
    ),
    Template(
        name="deepseek",
        user=Turn(_deepseek("User"), ""),
        assistant=Turn(_deepseek("Assistant"), _deepseek("end▁of▁sentence")),
        opening=Turn("", ""),
        reply=_deepseek("Assistant"),
        stops=(_deepseek("end▁of▁sentence"),),
        bos=_deepseek("begin▁of▁sentence"),
    ),
    Template(
        name="command-r",
        user=_command("USER"),
        assistant=_command("CHATBOT"),
        system=_command("SYSTEM"),
        reply="<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
        stops=("<|END_OF_TURN_TOKEN|>",),
        alternate=True,
        filler=FILLER,
        trim=True,
        bos="<BOS_TOKEN>",
    ),
)

BUILT_IN = {template.name: template for template in TEMPLATES}
"""By the name that a profile's `template` has."""
