/**
 * Names that Slack gives to emoji and gemoji does not, or gives to another one (names as in iamcal/emoji-data, which
 * Slack's are taken from).
 */
export const SLACK_NAMES = `
simple_smile 🙂 keycap_star *️⃣ flag-sark 🇨🇶 mostly_sunny 🌤️ sun_small_cloud 🌤️ barely_sunny 🌥️ sun_behind_cloud 🌥️
partly_sunny_rain 🌦️ rain_cloud 🌧️ snow_cloud 🌨️ lightning 🌩️ lightning_cloud 🌩️ tornado_cloud 🌪️
wind_blowing_face 🌬️ brown_mushroom 🍄‍🟫 lime 🍋‍🟩 cooking 🍳 knife_fork_plate 🍽️ medal 🎖️ film_frames 🎞️
admission_tickets 🎟️ woman_running_facing_right 🏃‍♀️‍➡️ man_running_facing_right 🏃‍♂️‍➡️
person_running_facing_right 🏃‍➡️ sports_medal 🏅 woman-lifting-weights 🏋️‍♀️ man-lifting-weights 🏋️‍♂️
weight_lifter 🏋️ golfer 🏌️ racing_motorcycle 🏍️ cricket_bat_and_ball 🏏 field_hockey_stick_and_ball 🏑
ice_hockey_stick_and_puck 🏒 table_tennis_paddle_and_ball 🏓 snow_capped_mountain 🏔️ beach_with_umbrella 🏖️
house_buildings 🏘️ derelict_house_building 🏚️ waving_white_flag 🏳️ flag-england 🏴󠁧󠁢󠁥󠁮󠁧󠁿
flag-scotland 🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag-wales 🏴󠁧󠁢󠁷󠁬󠁳󠁿 waving_black_flag 🏴 badminton_racquet_and_shuttlecock 🏸
ladybug 🐞 phoenix 🐦‍🔥 eye-in-speech-bubble 👁️‍🗨️ man_with_white_cane_facing_right 👨‍🦯‍➡️
man_in_motorized_wheelchair_facing_right 👨‍🦼‍➡️ man_in_manual_wheelchair_facing_right 👨‍🦽‍➡️
male-doctor 👨‍⚕️ man-heart-man 👨‍❤️‍👨 man-kiss-man 👨‍❤️‍💋‍👨 woman_with_white_cane_facing_right 👩‍🦯‍➡️
woman_in_motorized_wheelchair_facing_right 👩‍🦼‍➡️ woman_in_manual_wheelchair_facing_right 👩‍🦽‍➡️
female-doctor 👩‍⚕️ woman-heart-man 👩‍❤️‍👨 woman-heart-woman 👩‍❤️‍👩 woman-kiss-man 👩‍❤️‍💋‍👨
woman-kiss-woman 👩‍❤️‍💋‍👩 man_and_woman_holding_hands 👫 woman_and_man_holding_hands 👫 men_holding_hands 👬
women_holding_hands 👭 female-police-officer 👮‍♀️ male-police-officer 👮‍♂️
women-with-bunny-ears-partying 👯‍♀️ woman-with-bunny-ears-partying 👯‍♀️ men-with-bunny-ears-partying 👯‍♂️
man-with-bunny-ears-partying 👯‍♂️ bride_with_veil 👰 person_with_blond_hair 👱 woman-wearing-turban 👳‍♀️
man-wearing-turban 👳‍♂️ man_with_turban 👳 female-guard 💂‍♀️ male-guard 💂‍♂️ guardsman 💂
woman-getting-massage 💆‍♀️ man-getting-massage 💆‍♂️ woman-getting-haircut 💇‍♀️ man-getting-haircut 💇‍♂️
satellite_antenna 📡 camera_with_flash 📸 om_symbol 🕉️ dove_of_peace 🕊️ menorah_with_nine_branches 🕎
man_in_business_suit_levitating 🕴️ sleuth_or_spy 🕵️ linked_paperclips 🖇️ lower_left_ballpoint_pen 🖊️
lower_left_fountain_pen 🖋️ lower_left_paintbrush 🖌️ lower_left_crayon 🖍️
reversed_hand_with_middle_finger_extended 🖕 spock-hand 🖖 three_button_mouse 🖱️ frame_with_picture 🖼️
spiral_note_pad 🗒️ spiral_calendar_pad 🗓️ compression 🗜️ rolled_up_newspaper 🗞️ dagger_knife 🗡️
speaking_head_in_silhouette 🗣️ ballot_box_with_ballot 🗳️ head_shaking_horizontally 🙂‍↔️
head_shaking_vertically 🙂‍↕️ face_with_rolling_eyes 🙄 woman-gesturing-no 🙅‍♀️ man-gesturing-no 🙅‍♂️
woman-gesturing-ok 🙆‍♀️ man-gesturing-ok 🙆‍♂️ ok_woman 🙆 person_frowning 🙍 person_with_pouting_face 🙎
woman-rowing-boat 🚣‍♀️ man-rowing-boat 🚣‍♂️ woman_walking_facing_right 🚶‍♀️‍➡️
man_walking_facing_right 🚶‍♂️‍➡️ person_walking_facing_right 🚶‍➡️ sleeping_accommodation 🛌 shopping_bags 🛍️
octagonal_sign 🛑 shopping_trolley 🛒 airplane_departure 🛫 airplane_arriving 🛬 satellite 🛰️ scooter 🛴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_purple_circle 🟣 large_brown_circle 🟤
large_red_square 🟥 large_blue_square 🟦 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩
large_purple_square 🟪 large_brown_square 🟫 thinking_face 🤔 robot_face 🤖 hugging_face 🤗 the_horns 🤘
sign_of_the_horns 🤘 left-facing_fist 🤛 right-facing_fist 🤜 hand_with_index_and_middle_fingers_crossed 🤞
i_love_you_hand_sign 🤟 face_with_cowboy_hat 🤠 rolling_on_the_floor_laughing 🤣 face_palm 🤦
face_with_raised_eyebrow 🤨 face_with_one_eyebrow_raised 🤨 grinning_face_with_star_eyes 🤩
grinning_face_with_one_large_and_one_small_eye 🤪 face_with_finger_covering_closed_lips 🤫
face_with_symbols_on_mouth 🤬 serious_face_with_symbols_covering_mouth 🤬 face_with_hand_over_mouth 🤭
smiling_face_with_smiling_eyes_and_hand_covering_mouth 🤭 face_vomiting 🤮 face_with_open_mouth_vomiting 🤮
shocked_face_with_exploding_head 🤯 mother_christmas 🤶 person_doing_cartwheel 🤸 juggling 🤹 fencer 🤺
woman-wrestling 🤼‍♀️ man-wrestling 🤼‍♂️ wrestlers 🤼 handball 🤾 drum_with_drumsticks 🥁 first_place_medal 🥇
second_place_medal 🥈 third_place_medal 🥉 glass_of_milk 🥛 kiwifruit 🥝 smiling_face_with_3_hearts 🥰
womans_flat_shoe 🥿 lion_face 🦁 unicorn_face 🦄 giraffe_face 🦒 zebra_face 🦓 female_superhero 🦸‍♀️
male_superhero 🦸‍♂️ female_supervillain 🦹‍♀️ male_supervillain 🦹‍♂️ cheese_wedge 🧀 mate_drink 🧉
woman_standing 🧍‍♀️ man_standing 🧍‍♂️ woman_kneeling 🧎‍♀️ woman_kneeling_facing_right 🧎‍♀️‍➡️
man_kneeling 🧎‍♂️ man_kneeling_facing_right 🧎‍♂️‍➡️ person_kneeling_facing_right 🧎‍➡️ face_with_monocle 🧐
person_with_white_cane_facing_right 🧑‍🦯‍➡️ red_haired_person 🧑‍🦰 curly_haired_person 🧑‍🦱 bald_person 🧑‍🦲
white_haired_person 🧑‍🦳 person_in_motorized_wheelchair_facing_right 🧑‍🦼‍➡️
person_in_manual_wheelchair_facing_right 🧑‍🦽‍➡️ family_adult_adult_child 🧑‍🧑‍🧒
family_adult_adult_child_child 🧑‍🧑‍🧒‍🧒 family_adult_child_child 🧑‍🧒‍🧒 family_adult_child 🧑‍🧒
woman_with_beard 🧔‍♀️ man_with_beard 🧔‍♂️ person_with_headscarf 🧕 woman_in_steamy_room 🧖‍♀️
man_in_steamy_room 🧖‍♂️ person_in_steamy_room 🧖 woman_climbing 🧗‍♀️ man_climbing 🧗‍♂️ person_climbing 🧗
woman_in_lotus_position 🧘‍♀️ man_in_lotus_position 🧘‍♂️ person_in_lotus_position 🧘 female_mage 🧙‍♀️
male_mage 🧙‍♂️ female_fairy 🧚‍♀️ male_fairy 🧚‍♂️ female_vampire 🧛‍♀️ male_vampire 🧛‍♂️ female_elf 🧝‍♀️
male_elf 🧝‍♂️ female_genie 🧞‍♀️ male_genie 🧞‍♂️ female_zombie 🧟‍♀️ male_zombie 🧟‍♂️ briefs 🩲 harp 🪉
shovel 🪏 leafless_tree 🪾 fingerprint 🫆 root_vegetable 🫜 splatter 🫟 face_with_bags_under_eyes 🫩 eject ⏏️
black_right_pointing_double_triangle_with_vertical_bar ⏭️
black_left_pointing_double_triangle_with_vertical_bar ⏮️
black_right_pointing_triangle_with_double_vertical_bar ⏯️ double_vertical_bar ⏸️ black_square_for_stop ⏹️
black_circle_for_record ⏺️ umbrella ☂️ snowman ☃️ umbrella_with_rain_drops ☔ radioactive_sign ☢️
biohazard_sign ☣️ white_frowning_face ☹️ staff_of_aesculapius ⚕️ scales ⚖️ snowman_without_snow ⛄
thunder_cloud_and_rain ⛈️ helmet_with_white_cross ⛑️ broken_chain ⛓️‍💥 umbrella_on_ground ⛱️
person_with_ball ⛹️ email ✉️ heavy_heart_exclamation_mark_ornament ❣️
`;
